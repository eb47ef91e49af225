import { Activity } from '../shared/activity.ts';
import { addDecimals, negated } from '../shared/decimal-sum.ts';
import { createWords, type RandomWords } from '../shared/random.ts';
import type { Timer } from '../shared/timer.ts';
import type { UqpayControl } from './control.ts';
import { formatSecond } from './instant.ts';
import type { BalanceRecords, Line } from './records.ts';
import { formatMinor, randomMinor } from './seed/amounts.ts';
import { toPaymentEvent, toSettlementEvent } from './webhook-events.ts';
import type { Webhooks } from './webhooks.ts';

export interface ActivityParts {
  readonly control: UqpayControl;
  readonly webhooks: Webhooks;
  readonly accountId: string;
  readonly now: () => number;
  readonly timer: Timer;
}

/** Time between two changes. */
const pauseMs = [4_000, 10_000] as const;

/** Changes of one account, which follow each other while it is on. */
export function createActivity(parts: ActivityParts): Activity {
  // The first change of this account is a deposit in dollars, so that a newcomer sees one soon.
  const random = createWords(118);
  return new Activity({ timer: parts.timer, random, pauseMs, change: createChanges(parts, random) });
}

/** A payment that is not settled yet. */
interface OpenPayment {
  readonly currency: string;
  readonly amount: string;
}

interface OpenPayout extends OpenPayment {
  readonly id: string;
}

type AmountName = 'available_balance' | 'pending_balance';
type Changes = Partial<Record<AmountName, string>>;

/** Mostly banking: the webhooks of the other lines name no account, so that a receiver reads those of all accounts. */
const kinds = ['deposit', 'deposit', 'deposit', 'payout', 'payout', 'payout', 'card', 'payment'] as const;
const bankingCurrencies = ['USD', 'USD', 'GBP', 'AUD'] as const;
const paymentCurrencies = ['USD', 'GBP'] as const;
const cardCurrency = 'USD';

/**
 * One change at each call: a row and the balance that it moves, so that balances stay what the completed rows make of
 * them and the ending balance of an issuing row is the balance.
 */
function createChanges(
  { control, webhooks, accountId, now }: ActivityParts,
  random: RandomWords,
): () => void {
  let openPayout: OpenPayout | null = null;
  let openPayment: OpenPayment | null = null;

  const nowText = () => formatSecond(Math.floor(now() / 1000));
  const balanceOf = <L extends Line>(line: L, currency: string): BalanceRecords[L] | undefined =>
    control.balances(line, accountId).find((balance) => balance.currency === currency);
  const amountOf = (currency: string, dollarsMin: number, dollarsMax: number) =>
    formatMinor(randomMinor(random, currency, dollarsMin, dollarsMax), currency);

  /** The balance after a change; null if there is none, or it would be overdrawn. */
  function after(line: Line, currency: string, changes: Changes): Changes | null {
    const balance: Changes | undefined = balanceOf(line, currency);
    if (balance === undefined) return null;
    const sums = Object.entries(changes).map(
      ([name, change]) => [name, addDecimals(balance[name as AmountName] ?? '0', change)] as const,
    );
    return sums.some(([, sum]) => sum.startsWith('-')) ? null : Object.fromEntries(sums);
  }

  function put(line: Line, currency: string, fields: Changes): void {
    const time = line === 'payment' ? {} : { last_trade_time: nowText() };
    control.setBalance(line, accountId, currency, { ...fields, ...time });
  }

  function deposit(): void {
    const currency = random.pick(bankingCurrencies);
    const amount = amountOf(currency, 20, 4000);
    const fields = after('banking', currency, { available_balance: amount });
    if (fields === null) return;
    put('banking', currency, fields);
    control.insertTransaction('banking', { account_id: accountId, currency, amount });
  }

  function payOut(): void {
    const currency = random.pick(bankingCurrencies);
    const amount = amountOf(currency, 20, 4000);
    const { transaction_id: id } = control.insertTransaction('banking', {
      ...{ account_id: accountId, currency, amount, transaction_type: 'PAYOUT', credit_debit_type: 'D' },
      ...{ transaction_status: 'PENDING', payout_way: 'LOCAL' },
    });
    openPayout = { id, currency, amount };
  }

  function completePayout({ id, currency, amount }: OpenPayout): void {
    openPayout = null;
    const fields = after('banking', currency, { available_balance: negated(amount) });
    control.setTransactionStatus(id, fields === null ? 'FAILED' : 'COMPLETED');
    if (fields !== null) put('banking', currency, fields);
  }

  function payByCard(): void {
    const spent = negated(amountOf(cardCurrency, 1, 300));
    const fields = after('issuing', cardCurrency, { available_balance: spent });
    if (fields === null) fundCards();
    else addCardRow('ISSUING_AUTHORIZATION', spent, fields);
  }

  function fundCards(): void {
    const amount = amountOf(cardCurrency, 3000, 20_000);
    const fields = after('issuing', cardCurrency, { available_balance: amount });
    if (fields !== null) addCardRow('DEPOSIT', amount, fields);
  }

  function addCardRow(transaction_type: string, amount: string, fields: Changes): void {
    put('issuing', cardCurrency, fields);
    control.insertTransaction('issuing', {
      ...{ account_id: accountId, currency: cardCurrency, transaction_type, amount },
      ending_balance: fields.available_balance ?? '0',
      description: transaction_type === 'DEPOSIT' ? 'Deposit from global account' : 'Card payment',
    });
  }

  /** A customer's payment; the payment line has no list of rows. */
  function receivePayment(): void {
    const currency = random.pick(paymentCurrencies);
    const amount = amountOf(currency, 5, 400);
    const fields = after('payment', currency, { pending_balance: amount });
    if (fields === null) return;
    put('payment', currency, fields);
    openPayment = { currency, amount };
    webhooks.send(toPaymentEvent(`PI${random.digits(12)}`, currency, amount));
  }

  function settle({ currency, amount }: OpenPayment): void {
    openPayment = null;
    const changes = { pending_balance: negated(amount), available_balance: amount };
    const fields = after('payment', currency, changes);
    if (fields === null) return;
    put('payment', currency, fields);
    webhooks.send(toSettlementEvent(`SB${random.digits(12)}`, currency, amount, nowText()));
  }

  const changeOf = {
    deposit,
    // Pending first: the balance moves when it is completed.
    payout: () => (openPayout === null ? payOut() : completePayout(openPayout)),
    card: payByCard,
    payment: () => (openPayment === null ? receivePayment() : settle(openPayment)),
  };
  return () => changeOf[random.pick(kinds)]();
}
