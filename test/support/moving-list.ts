import { createHash } from 'node:crypto';
import { parseDecimal } from '../../src/domain/decimal.ts';
import { Failure } from '../../src/domain/failure.ts';
import { compareInstants, type Instant } from '../../src/domain/instant.ts';
import type { AccountRef, Transaction } from '../../src/domain/model.ts';
import type {
  Ledger,
  TransactionDirection,
  TransactionStatus,
  TransactionType,
} from '../../src/domain/vocabulary.ts';
import type { CountedPage } from '../../src/ports/page.ts';
import type {
  PageNumberFeed,
  SecondRange,
  TransactionPageRequest,
  TransactionQuery,
} from '../../src/ports/transaction-feed.ts';
import type { ReadContext, Reading } from '../../src/ports/upstream.ts';

/** The undocumented behaviour of a simulated upstream list. */
export interface ListBehaviour {
  readonly order: 'newest-first' | 'oldest-first' | 'unordered';
  readonly tieOrder: 'inserted' | 'id-ascending' | 'id-descending' | 'hashed';
  readonly timeComparison: 'exact' | 'second';
  /** Whether fractions count in the order of the list. */
  readonly sortPrecision: 'exact' | 'second';
  readonly openRange: 'whole' | 'clipped' | 'refused';
  readonly beyondEnd: 'empty' | 'refused' | 'last-page';
}

const plain: ListBehaviour = {
  order: 'newest-first',
  tieOrder: 'inserted',
  timeComparison: 'exact',
  sortPrecision: 'exact',
  openRange: 'whole',
  beyondEnd: 'empty',
};

/** A list that moves: the test can change its data between any two calls. */
export class MovingList implements PageNumberFeed {
  readonly kind = 'page-number';
  readonly ledger: Ledger;
  pageSizeMin = 10;
  pageSizeMax = 100;
  readonly pageRoute = { method: 'GET', path: '/transactions' } as const;
  readonly movesBalanceBy = 'currency';
  readonly spanSecondsMax: number | null;
  absentFields: readonly ('direction' | 'reference')[] = [];
  readonly typeMapping = { DEPOSIT: 'DEPOSIT', PAYOUT: 'PAYOUT', FEE: 'FEE' };
  readonly statusMapping = { PENDING: 'PENDING', COMPLETED: 'COMPLETED', FAILED: 'FAILED' };
  readonly behaviour: ListBehaviour;
  record: Transaction[] = [];
  calls = 0;
  /** Rows that the last call requested. */
  lastPageSize = 0;
  beforeEachCall: (() => void) | null = null;
  failNext: Failure | null = null;

  constructor(ledger: Ledger, behaviour: Partial<ListBehaviour> = {}, spanSecondsMax: number | null = null) {
    this.ledger = ledger;
    this.behaviour = { ...plain, ...behaviour };
    this.spanSecondsMax = spanSecondsMax;
  }

  async page(
    { account, query, range, pageNumber, pageSize }: TransactionPageRequest,
    _context: ReadContext,
  ): Promise<Reading<CountedPage<Transaction>>> {
    this.beforeEachCall?.();
    this.calls++;
    this.lastPageSize = pageSize;
    if (this.failNext !== null) {
      const failure = this.failNext;
      this.failNext = null;
      throw failure;
    }
    if (pageSize < this.pageSizeMin || pageSize > this.pageSizeMax || pageNumber < 1)
      throw new Error(`page ${pageNumber} of ${pageSize}`);
    const rows = this.select(account, query, this.bound(range));
    let number = pageNumber;
    const lastPage = Math.max(1, Math.ceil(rows.length / pageSize));
    if (pageNumber > lastPage) {
      if (this.behaviour.beyondEnd === 'refused') throw new Failure('UPSTREAM_REJECTED', 'no such page');
      if (this.behaviour.beyondEnd === 'last-page') number = lastPage;
    }
    const page = rows.slice((number - 1) * pageSize, number * pageSize);
    const pageCount = Math.ceil(rows.length / pageSize);
    return { value: { rows: page, rowCount: rows.length, pageCount }, asOfMs: 0, staleBecause: null };
  }

  private bound({ fromSecond, toSecond }: SecondRange): SecondRange {
    const span = this.spanSecondsMax;
    if (span === null || (fromSecond === null && toSecond === null)) return { fromSecond, toSecond };
    if (fromSecond !== null && toSecond !== null) {
      if (toSecond - fromSecond > span) throw new Failure('UPSTREAM_REJECTED', 'more than 90 days');
      return { fromSecond, toSecond };
    }
    if (this.behaviour.openRange === 'whole') return { fromSecond, toSecond };
    if (this.behaviour.openRange === 'refused') throw new Failure('UPSTREAM_REJECTED', 'both bounds needed');
    return fromSecond === null
      ? { fromSecond: (toSecond as number) - span, toSecond }
      : { fromSecond, toSecond: fromSecond + span };
  }

  private select(account: AccountRef, query: TransactionQuery, range: SecondRange): Transaction[] {
    const rows = this.record.filter(
      (row) =>
        row.account.providerAccountId === account.providerAccountId &&
        (query.currency === undefined || row.currency === query.currency) &&
        (query.type === undefined || row.typeRaw === query.type) &&
        (query.status === undefined || row.statusRaw === query.status) &&
        this.isInside(row.createdAt, range),
    );
    if (this.behaviour.order === 'unordered') return rows;
    const sign = this.behaviour.order === 'newest-first' ? -1 : 1;
    const exact = this.behaviour.sortPrecision === 'exact';
    const position = new Map(this.record.map((row, rowIndex) => [row, rowIndex]));
    return rows.sort(
      (a, b) =>
        sign *
          (exact ? compareInstants(a.createdAt, b.createdAt) : a.createdAt.second - b.createdAt.second) ||
        this.compareTies(a, b, position),
    );
  }

  private isInside(at: Instant, { fromSecond, toSecond }: SecondRange): boolean {
    const exact = this.behaviour.timeComparison === 'exact';
    const late =
      toSecond !== null && (at.second > toSecond || (exact && at.second === toSecond && at.nano > 0));
    return !late && (fromSecond === null || at.second >= fromSecond);
  }

  private compareTies(a: Transaction, b: Transaction, position: Map<Transaction, number>): number {
    const [x, y] = [a.providerTransactionId, b.providerTransactionId];
    switch (this.behaviour.tieOrder) {
      case 'inserted':
        return (position.get(a) as number) - (position.get(b) as number);
      case 'id-ascending':
        return x < y ? -1 : 1;
      case 'id-descending':
        return x < y ? 1 : -1;
      case 'hashed':
        return hash(x) < hash(y) ? -1 : 1;
    }
  }
}

/** A row of the master account. */
export function makeRow(
  id: string,
  createdAt: Instant,
  fields: {
    ledger?: Ledger;
    currency?: string;
    type?: TransactionType;
    status?: TransactionStatus;
    direction?: TransactionDirection;
    referenceId?: string | null;
    account?: AccountRef;
  } = {},
): Transaction {
  const { ledger = 'BANKING', currency = 'USD', type = 'DEPOSIT', status = 'COMPLETED' } = fields;
  const amount = parseDecimal('1.00');
  return {
    account: fields.account ?? { provider: 'UQPAY', providerAccountId: null },
    ledger,
    providerTransactionId: id,
    distinguishingId: null,
    shortId: null,
    currency,
    providerBalanceId: null,
    type,
    typeRaw: type,
    status,
    statusRaw: status,
    direction: fields.direction ?? 'CREDIT',
    amount: amount === null ? null : { amount, currency },
    fee: null,
    counterAmount: null,
    exchangeRate: null,
    endingBalance: null,
    createdAt,
    completedAt: null,
    referenceId: fields.referenceId ?? null,
    channel: null,
    network: null,
    description: null,
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
