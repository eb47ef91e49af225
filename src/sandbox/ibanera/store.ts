import { isDecimalText } from '../shared/exact-json.ts';
import type { IbaneraBehaviour } from './behaviour.ts';
import type { AssetAccountRecord, TransactionRecord } from './records.ts';

const firstAccountId = 4101;
const firstTransactionId = 900_001;

/** The data of the sandbox. Unknown ids and invalid amounts throw RangeError. */
export class Store {
  behaviour: IbaneraBehaviour;
  readonly #accounts = new Map<number, AssetAccountRecord>();
  readonly #transactions = new Map<string, TransactionRecord>();
  #nextAccountId = firstAccountId;
  #nextTransactionId = firstTransactionId;

  constructor(behaviour: IbaneraBehaviour) {
    this.behaviour = behaviour;
  }

  /** In the order in which they were opened. */
  accounts(): readonly AssetAccountRecord[] {
    return [...this.#accounts.values()];
  }

  findAccount(id: number): AssetAccountRecord | undefined {
    return this.#accounts.get(id);
  }

  addAccount(fields: Partial<AssetAccountRecord>): AssetAccountRecord {
    const id = fields.id ?? this.#nextAccountId;
    if (this.#accounts.has(id)) throw new RangeError(`account ${id} exists already`);
    const empty = { totalBalance: '0', availableBalance: '0', pendingBalance: '0', bSuppressed: false };
    return this.#putAccount({ asset: 'USD', ...empty, ...fields, id });
  }

  changeAccount(id: number, fields: Partial<AssetAccountRecord>): AssetAccountRecord {
    return this.#putAccount({ ...this.#account(id), ...fields, id });
  }

  removeAccount(id: number): void {
    this.#account(id);
    this.#accounts.delete(id);
  }

  /**
   * Rows of an account, or of all for null, newest first; of rows at the same time, the one added later comes first.
   */
  transactions(accountId: number | null): readonly TransactionRecord[] {
    return [...this.#transactions.values()]
      .filter(({ AccountsId }) => accountId === null || AccountsId === accountId)
      .sort((left, right) => Date.parse(right.DateTime) - Date.parse(left.DateTime) || right.Id - left.Id);
  }

  addTransaction(
    fields: Partial<TransactionRecord> & { AccountsId: number },
    nowMs: number,
  ): TransactionRecord {
    this.#account(fields.AccountsId);
    const Id = fields.Id ?? this.#nextTransactionId;
    const row: TransactionRecord = {
      ...{ FromTransactionsId: null, FromAccountsId: null, ToTransactionsId: null, ToAccountsId: null },
      ...{ RollbackTransactionsId: null, Amount: '10.00', Description: 'Deposit' },
      DateTime: new Date(nowMs).toISOString(),
      ...{ bPending: false, bCompleted: true, bRejected: false },
      ...fields,
      Id,
    };
    const rows = [...this.#transactions.values()];
    const isTaken = rows.some(
      (other) =>
        other.Id === Id && (this.behaviour.transactionIdsAreUnique || other.AccountsId === row.AccountsId),
    );
    if (isTaken) throw new RangeError(`transaction ${Id} exists already`);
    checkRow(row);
    this.#nextTransactionId = Math.max(this.#nextTransactionId, Id) + 1;
    this.#transactions.set(keyOf(row), row);
    return row;
  }

  /** Sets the given fields of a row, in every account that has it; returns the rows. */
  changeTransaction(id: number, fields: Partial<TransactionRecord>): readonly TransactionRecord[] {
    return this.#rowsOf(id).map((before) => {
      const row = { ...before, ...fields, Id: id, AccountsId: before.AccountsId };
      checkRow(row);
      this.#transactions.set(keyOf(row), row);
      return row;
    });
  }

  removeTransaction(id: number): void {
    for (const row of this.#rowsOf(id)) this.#transactions.delete(keyOf(row));
  }

  #rowsOf(id: number): readonly TransactionRecord[] {
    const rows = [...this.#transactions.values()].filter(({ Id }) => Id === id);
    if (rows.length === 0) throw new RangeError(`no transaction ${id}`);
    return rows;
  }

  #account(id: number): AssetAccountRecord {
    const account = this.#accounts.get(id);
    if (account === undefined) throw new RangeError(`no account ${id}`);
    return account;
  }

  #putAccount(account: AssetAccountRecord): AssetAccountRecord {
    for (const name of ['totalBalance', 'availableBalance', 'pendingBalance'] as const) {
      if (!isDecimalText(account[name])) throw new RangeError(`${name} is no decimal`);
    }
    this.#nextAccountId = Math.max(this.#nextAccountId, account.id + 1);
    this.#accounts.set(account.id, account);
    return account;
  }
}

function checkRow({ Amount, DateTime }: TransactionRecord): void {
  if (!isDecimalText(Amount)) throw new RangeError('Amount is no decimal');
  if (Number.isNaN(Date.parse(DateTime))) throw new RangeError('DateTime cannot be read');
}

function keyOf({ AccountsId, Id }: TransactionRecord): string {
  return `${AccountsId} ${Id}`;
}
