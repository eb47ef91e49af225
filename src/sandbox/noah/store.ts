import { randomUUID } from 'node:crypto';
import type { NoahBehaviour } from './behaviour.ts';
import { type BalanceRecord, isPositiveDecimal, type TransactionRecord } from './records.ts';

/** The data of the sandbox. Invalid amounts and times, and unknown ids, throw RangeError. */
export class Store {
  behaviour: NoahBehaviour;
  #balances: BalanceRecord[] = [];
  readonly #transactions = new Map<string, { readonly row: TransactionRecord; readonly order: number }>();
  #order = 0;

  constructor(behaviour: NoahBehaviour) {
    this.behaviour = behaviour;
  }

  balances(): readonly BalanceRecord[] {
    return this.#balances;
  }

  /** Sets the given fields of a balance; a new balance has zeros in the others. */
  setBalance(currency: string, fields: Partial<BalanceRecord>): BalanceRecord {
    const accountType = fields.AccountType ?? 'Current';
    const index = this.#balances.findIndex(
      ({ AccountType, CryptoCurrency }) => AccountType === accountType && CryptoCurrency === currency,
    );
    const before = this.#balances[index] ?? { Available: '0', Total: '0' };
    const record = { ...before, ...fields, AccountType: accountType, CryptoCurrency: currency };
    for (const name of ['Available', 'Total'] as const) {
      if (!isPositiveDecimal(record[name])) throw new RangeError(`${name} is no PositiveDecimal`);
    }
    this.#balances = index === -1 ? [...this.#balances, record] : this.#balances.with(index, record);
    return record;
  }

  removeBalance(currency: string): void {
    const left = this.#balances.filter(({ CryptoCurrency }) => CryptoCurrency !== currency);
    if (left.length === this.#balances.length) throw new RangeError(`no balance in ${currency}`);
    this.#balances = left;
  }

  /** Newest first; of rows at the same time, the one added later comes first. */
  transactions(): readonly TransactionRecord[] {
    return [...this.#transactions.values()]
      .sort(
        (left, right) =>
          Date.parse(right.row.Created) - Date.parse(left.row.Created) || right.order - left.order,
      )
      .map(({ row }) => row);
  }

  findTransaction(id: string): TransactionRecord | undefined {
    return this.#transactions.get(id)?.row;
  }

  addTransaction(fields: Partial<TransactionRecord>, nowMs: number): TransactionRecord {
    const row: TransactionRecord = {
      ID: randomUUID(),
      Network: 'BaseTestSepolia',
      Created: new Date(nowMs).toISOString(),
      ...{ Status: 'Settled', Direction: 'In', CryptoCurrency: 'USDC_TEST' },
      ...fields,
    };
    if (this.#transactions.has(row.ID)) throw new RangeError(`transaction ${row.ID} exists already`);
    if (Number.isNaN(Date.parse(row.Created))) throw new RangeError('Created cannot be read');
    if (row.Amount !== undefined && !isPositiveDecimal(row.Amount)) {
      throw new RangeError('Amount is no PositiveDecimal');
    }
    this.#order += 1;
    this.#transactions.set(row.ID, { row, order: this.#order });
    return row;
  }

  /** Sets the given fields of a row. */
  changeTransaction(id: string, fields: Partial<TransactionRecord>): TransactionRecord {
    const kept = this.#transactions.get(id);
    if (kept === undefined) throw new RangeError(`no transaction ${id}`);
    const row = { ...kept.row, ...fields, ID: id };
    this.#transactions.set(id, { ...kept, row });
    return row;
  }

  removeTransaction(id: string): void {
    if (!this.#transactions.delete(id)) throw new RangeError(`no transaction ${id}`);
  }
}
