import { type UqpayBehaviour, withBehaviour } from './behaviour.ts';
import { Ledger } from './ledger.ts';
import { isUuid } from './query.ts';
import { RateBook } from './rate-book.ts';
import type {
  AccountRecord,
  BalanceRecords,
  BusinessCode,
  LedgerLine,
  Line,
  TransactionRecords,
} from './records.ts';

/** One account with all its data. Balances are keyed by currency. */
export interface AccountHolding {
  record: AccountRecord;
  readonly balances: { readonly [L in Line]: Map<string, BalanceRecords[L]> };
  readonly ledgers: Ledgers;
}

type Ledgers = { readonly [L in LedgerLine]: Ledger<TransactionRecords[L]> };

/** The business code a line needs. */
export const businessCodeOfLine: Readonly<Record<Line, BusinessCode>> = {
  banking: 'BANKING',
  issuing: 'ISSUING',
  payment: 'ACQUIRING',
};

/** The data of the sandbox: accounts in the order in which they were opened, the master first. */
export class Store {
  readonly masterAccountId: string;
  readonly rates = new RateBook();
  readonly #holdings = new Map<string, AccountHolding>();
  readonly #places = new Map<string, { readonly line: LedgerLine; readonly accountId: string }>();
  #behaviour: UqpayBehaviour;

  constructor(masterAccountId: string, behaviour: UqpayBehaviour) {
    this.masterAccountId = masterAccountId;
    this.#behaviour = behaviour;
  }

  get behaviour(): UqpayBehaviour {
    return this.#behaviour;
  }

  setBehaviour(changes: Partial<UqpayBehaviour>): void {
    this.#behaviour = withBehaviour(this.#behaviour, changes);
  }

  holdings(): AccountHolding[] {
    return [...this.#holdings.values()];
  }

  findHolding(accountId: string): AccountHolding | undefined {
    return this.#holdings.get(accountId);
  }

  /** The account that a caller names: by a UUID in any case, or by the exact text if ids need not be UUIDs. */
  accountNamed(text: string): AccountHolding | undefined {
    if (this.#behaviour.accountIds === 'any') return this.#holdings.get(text);
    return isUuid(text) ? this.#holdings.get(text.toLowerCase()) : undefined;
  }

  /** Throws RangeError for an account that was never opened. */
  holding(accountId: string): AccountHolding {
    const holding = this.#holdings.get(accountId);
    if (holding === undefined) throw new RangeError(`no account ${accountId} in the sandbox`);
    return holding;
  }

  /**
   * Opens an account, which `fill` fills when it is first read. Throws RangeError if the id is taken, or is not allowed
   * by the switch `accountIds`.
   */
  openAccount(record: AccountRecord, fill: (holding: AccountHolding) => void = () => {}): AccountHolding {
    if (this.#behaviour.accountIds === 'uuid' && !isAccountId(record.account_id)) {
      throw new RangeError(`account_id must be a UUID in lower case, not "${record.account_id}"`);
    }
    if (this.#holdings.has(record.account_id)) {
      throw new RangeError(`account ${record.account_id} exists already`);
    }
    const holding = createHolding(record, () => this.#behaviour, fill);
    this.#holdings.set(record.account_id, holding);
    return holding;
  }

  /** Throws RangeError for the master account, and for an account that was never opened. */
  removeAccount(accountId: string): void {
    this.holding(accountId);
    if (accountId === this.masterAccountId) throw new RangeError('the master account cannot be removed');
    this.#holdings.delete(accountId);
    for (const [transactionId, place] of this.#places) {
      if (place.accountId === accountId) this.#places.delete(transactionId);
    }
  }

  /** Throws RangeError if the id is taken or the create time cannot be read. */
  addTransaction<L extends LedgerLine>(line: L, row: TransactionRecords[L]): void {
    if (this.#places.has(row.transaction_id)) {
      throw new RangeError(`transaction ${row.transaction_id} exists already`);
    }
    this.holding(row.account_id).ledgers[line].insert(row);
    this.#places.set(row.transaction_id, { line, accountId: row.account_id });
  }

  /** Finds a transaction; throws RangeError if there is none with this id. */
  placeOf(transactionId: string): { readonly line: LedgerLine; readonly holding: AccountHolding } {
    if (!this.#places.has(transactionId)) this.#fillAll();
    const place = this.#places.get(transactionId);
    if (place === undefined) throw new RangeError(`no transaction ${transactionId} in the sandbox`);
    return { line: place.line, holding: this.holding(place.accountId) };
  }

  removeTransaction(transactionId: string): void {
    const { line, holding } = this.placeOf(transactionId);
    holding.ledgers[line].remove(transactionId);
    this.#places.delete(transactionId);
  }

  #fillAll(): void {
    for (const holding of this.#holdings.values()) void holding.ledgers;
  }
}

function createHolding(
  record: AccountRecord,
  behaviourNow: () => UqpayBehaviour,
  fill: (holding: AccountHolding) => void,
): AccountHolding {
  const balances = { banking: new Map(), issuing: new Map(), payment: new Map() };
  const ledgers: Ledgers = { banking: new Ledger(behaviourNow), issuing: new Ledger(behaviourNow) };
  let isFilled = false;
  const fillOnce = () => {
    if (isFilled) return;
    isFilled = true;
    fill(holding);
  };
  const holding: AccountHolding = {
    record,
    get balances() {
      fillOnce();
      return balances;
    },
    get ledgers() {
      fillOnce();
      return ledgers;
    },
  };
  return holding;
}

function isAccountId(text: string): boolean {
  return isUuid(text) && text === text.toLowerCase();
}
