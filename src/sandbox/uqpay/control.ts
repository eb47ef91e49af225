import { type CommonControl, type CommonParts, createCommonControl } from '../shared/common-control.ts';
import { createWords } from '../shared/random.ts';
import { toAccountRecord } from './account-defaults.ts';
import type { Api } from './api.ts';
import type { UqpayBehaviour } from './behaviour.ts';
import type { UqpayCall } from './call-log.ts';
import type { UqpayFault } from './faults.ts';
import { formatSecond } from './instant.ts';
import { toBalanceRecord, toTransactionRecord } from './record-defaults.ts';
import type { AccountRecord, BalanceRecords, LedgerLine, Line, TransactionRecords } from './records.ts';
import { toBankingEvent, toIssuingEvent } from './webhook-events.ts';
import type { UqpayWebhookTarget, Webhooks } from './webhooks.ts';

/** What a hook before a call receives. */
export interface UqpayCallAhead {
  readonly method: string;
  /** Below the API base. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly onBehalfOf: string | null;
}

/** Limits that can change while running; an omitted one stays as it is. */
export interface UqpayRateLimits {
  /** Authenticated calls per calendar minute; null is no limit. */
  perMinute?: number | null;
  /** Token calls per calendar minute; null is no limit. */
  tokenPerMinute?: number | null;
  /** Whether a 429 of the limiter carries `Retry-After`. */
  retryAfter?: boolean;
}

/**
 * Changes a sandbox while it runs. The next call sees each change. Unknown ids, taken ids, amounts that are not
 * decimals and unreadable times throw RangeError. Balances do not follow the transactions. A transaction that is inserted
 * or gets another status sends the webhook that is documented for it.
 */
export interface UqpayControl extends CommonControl<UqpayFault, UqpayBehaviour, UqpayCall> {
  /** All accounts: the master first, then the others in the order in which they were opened. */
  accounts(): readonly AccountRecord[];
  /** Opens a sub-account; omitted fields have defaults (active, all three lines). */
  addAccount(account?: Partial<AccountRecord>): AccountRecord;
  setAccountStatus(accountId: string, status: string): void;
  /** Closes a sub-account permanently, with all its data. */
  removeAccount(accountId: string): void;

  balances<L extends Line>(line: L, accountId: string): readonly BalanceRecords[L][];
  /** Sets the given fields; a new balance has `0.00` in the others. */
  setBalance<L extends Line>(
    line: L,
    accountId: string,
    currency: string,
    fields?: Partial<BalanceRecords[L]>,
  ): BalanceRecords[L];
  removeBalance(line: Line, accountId: string, currency: string): void;

  /** The rows as they are now, in listing order; later changes do not affect them. */
  transactions<L extends LedgerLine>(line: L, accountId: string): readonly TransactionRecords[L][];
  /** Adds a row at any create time; omitted fields have defaults (master account, now, 10.00 USD). */
  insertTransaction<L extends LedgerLine>(
    line: L,
    row?: Partial<TransactionRecords[L]>,
  ): TransactionRecords[L];
  deleteTransaction(transactionId: string): void;
  setTransactionStatus(transactionId: string, status: string): void;

  /**
   * Sets the prices of a pair (`USDSGD`), which then stay fixed; null makes it unavailable. Throws RangeError if it is
   * not a pair. Prices are sent as given, whatever they are.
   */
  setRate(pair: string, prices: { readonly buy: string; readonly sell: string } | null): void;

  /** Where webhooks go from now on; null for nowhere. Throws RangeError for anything but an HTTP URL. */
  setWebhooks(target: UqpayWebhookTarget | null): void;

  /** Ends every live token, as when another client requests one. */
  expireTokens(): void;
  /** Texts of the tokens that have not been ended, oldest first. */
  liveTokens(): readonly string[];
  /** Tokens issued since the start. */
  mintCount(): number;
  setRateLimits(limits: UqpayRateLimits): void;
  /**
   * Sets a hook that runs before each data call is answered (not token calls, not injected errors); null removes it.
   */
  beforeEachCall(hook: ((call: UqpayCallAhead) => void) | null): void;
}

interface ControlParts extends CommonParts<UqpayFault, UqpayCall> {
  readonly api: Api;
  readonly webhooks: Webhooks;
}

/** The control of a running sandbox. */
export function createControl({ api, webhooks, ...common }: ControlParts): UqpayControl {
  const { store, settings } = api;
  const random = createWords(0xc0117201);
  const nowText = () => formatSecond(Math.floor(settings.now() / 1000));
  const source = () => ({ random, nowText: nowText() });
  const { masterAccountId } = store;

  function notify(row: TransactionRecords[LedgerLine]): void {
    webhooks.send('ending_balance' in row ? toIssuingEvent(row) : toBankingEvent(row, masterAccountId));
  }

  return {
    ...createCommonControl(common),
    accounts: () => store.holdings().map(({ record }) => record),
    addAccount: (account = {}) => store.openAccount(toAccountRecord(account, random)).record,
    setAccountStatus: (accountId, status) => {
      const holding = store.holding(accountId);
      holding.record = { ...holding.record, status };
    },
    removeAccount: (accountId) => store.removeAccount(accountId),

    balances: (line, accountId) => [...store.holding(accountId).balances[line].values()],
    setBalance: (line, accountId, currency, fields = {}) => {
      const balances = store.holding(accountId).balances[line];
      const record = toBalanceRecord(line, currency, balances.get(currency), fields, source());
      balances.set(currency, record);
      return record;
    },
    removeBalance: (line, accountId, currency) => {
      if (!store.holding(accountId).balances[line].delete(currency)) {
        throw new RangeError(`account ${accountId} has no ${line} balance in ${currency}`);
      }
    },

    transactions: (line, accountId) => store.holding(accountId).ledgers[line].rows(),
    insertTransaction: (line, row = {}) => {
      const holding = store.holding(row.account_id ?? store.masterAccountId);
      const record = toTransactionRecord[line](holding, row, source());
      store.addTransaction(line, record);
      notify(record);
      return record;
    },
    deleteTransaction: (transactionId) => store.removeTransaction(transactionId),
    setTransactionStatus: (transactionId, status) => {
      const { line, holding } = store.placeOf(transactionId);
      const changed = holding.ledgers[line].setStatus(transactionId, status, nowText());
      if (changed !== null) notify(changed);
    },

    setRate: (pair, prices) => {
      if (!/^[A-Z]{6}$/.test(pair)) throw new RangeError(`"${pair}" is no pair of six capital letters`);
      store.rates.set(pair, prices && { buy_price: prices.buy, sell_price: prices.sell });
    },

    setWebhooks: (target) => webhooks.setTarget(target),

    expireTokens: () => api.tokens.expireAll(),
    liveTokens: () => api.tokens.live(),
    mintCount: () => api.tokens.issuedCount,
    setBehaviour: (changes) => store.setBehaviour(changes),
    setRateLimits: ({ perMinute, tokenPerMinute, retryAfter }) => {
      if (perMinute !== undefined) api.callLimiter.setLimit(perMinute);
      if (tokenPerMinute !== undefined) api.tokenLimiter.setLimit(tokenPerMinute);
      if (retryAfter !== undefined) settings.retryAfter = retryAfter;
    },

    beforeEachCall: (hook) => {
      api.beforeEachCall =
        hook === null
          ? null
          : ({ method, path, query, onBehalfOf }) =>
              hook({ method, path, query: Object.fromEntries(query), onBehalfOf });
    },
  };
}
