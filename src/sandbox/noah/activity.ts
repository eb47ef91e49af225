import { Activity } from '../shared/activity.ts';
import { addDecimals, negated } from '../shared/decimal-sum.ts';
import { createWords, type RandomWords } from '../shared/random.ts';
import type { Timer } from '../shared/timer.ts';
import type { NoahControl } from './control.ts';

/** The asset that changes by itself. */
const currency = 'USDC_TEST';

/** Time between two changes. */
const pauseMs = [8_000, 25_000] as const;

/** Changes of the dollar coin, which follow each other while it is on. */
export function createActivity(control: NoahControl, timer: Timer): Activity {
  const random = createWords(0xac713);
  return new Activity({ timer, random, pauseMs, change: createChanges(control, random) });
}

/**
 * One change at each call: a row and the balance that it moves. An outgoing transaction is pending
 * first: the total includes it until it is settled, the available balance does not (reference section 3).
 */
function createChanges(control: NoahControl, random: RandomWords): () => void {
  let openOut: { readonly id: string; readonly amount: string } | null = null;

  const balanceNow = () => control.balances().find(({ CryptoCurrency }) => CryptoCurrency === currency);
  const amount = () => `${random.integer(1, 90)}.${random.digits(2)}`;

  function settle({ id, amount }: NonNullable<typeof openOut>): void {
    openOut = null;
    const balance = balanceNow();
    if (balance === undefined) return;
    control.changeTransaction(id, { Status: 'Settled' });
    control.setBalance(currency, { Total: addDecimals(balance.Total, negated(amount)) });
  }

  function receive(): void {
    const balance = balanceNow();
    if (balance === undefined) return;
    const Amount = amount();
    control.setBalance(currency, {
      Available: addDecimals(balance.Available, Amount),
      Total: addDecimals(balance.Total, Amount),
    });
    control.insertTransaction({ CryptoCurrency: currency, Amount });
  }

  function pay(): void {
    const Amount = amount();
    const available = addDecimals(balanceNow()?.Available ?? '0', negated(Amount));
    if (available.startsWith('-')) return;
    control.setBalance(currency, { Available: available });
    const out = { Direction: 'Out', Status: 'Pending', Network: 'OffNetwork' };
    const { ID } = control.insertTransaction({ CryptoCurrency: currency, Amount, ...out });
    openOut = { id: ID, amount: Amount };
  }

  return () => {
    if (openOut !== null) settle(openOut);
    else if (random.chance(0.5)) receive();
    else pay();
  };
}
