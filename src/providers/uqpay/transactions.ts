import { upperCaseCodes } from '../../domain/currency-code.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import { judgePage } from '../../domain/page-evidence.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { CountedPage } from '../../ports/page.ts';
import type {
  PageNumberFeed,
  SecondRange,
  TransactionPageRequest,
  TransactionQuery,
} from '../../ports/transaction-feed.ts';
import { type ReadContext, type Reading, type Route, withoutCache } from '../../ports/upstream.ts';
import { shapeFailure } from '../shared/parse-shape.ts';
import { AmountSigns } from './amount-signs.ts';
import type { ListOfRow, ReplyContext, UqpayClient, UqpayRead } from './client.ts';
import { ledgerOfLine } from './config.ts';
import { CurrencySpelling, readAsSpelled } from './currency-spelling.ts';
import { bankingTypeMapping, issuingTypeMapping, statusMapping } from './filter-values.ts';
import { pageSizes, parseList, toPageQuery, toRangeQuery } from './list.ts';
import { toTransaction } from './map.ts';
import { type AccountLookUp, RowOwners } from './row-owners.ts';
import { wireTransactionList } from './wire.ts';

/** Lines whose ledger entries UQPAY lists; payment has no such route (reference section 5.1). */
export const transactionLines = ['banking', 'issuing'] as const;
export type TransactionLine = (typeof transactionLines)[number];

const { pageSizeMin, pageSizeMax } = pageSizes;

const lists = {
  banking: {
    route: { method: 'GET', path: '/v1/balances/transactions' },
    spanSecondsMax: null,
    typeMapping: bankingTypeMapping,
    absentFields: [],
  },
  issuing: {
    route: { method: 'GET', path: '/v1/issuing/balances/transactions' },
    spanSecondsMax: 90 * 86_400,
    typeMapping: issuingTypeMapping,
    absentFields: ['direction', 'reference'],
  },
} as const;

/** Ledger entries of one business line. */
export function createTransactionFeed(
  line: TransactionLine,
  client: UqpayClient,
  isConnected: AccountLookUp,
  now: () => number,
): PageNumberFeed {
  const ledger = ledgerOfLine[line];
  const { route, spanSecondsMax, typeMapping, absentFields } = lists[line];
  const spelling = new CurrencySpelling();
  const owners = new RowOwners(isConnected, { provider: 'UQPAY', ledger });
  // Banking rows state their direction.
  const signs = line === 'issuing' ? new AmountSigns() : null;

  async function readOwned(
    account: AccountRef,
    read: (context: ReadContext) => Promise<Reading<CountedPage<Transaction>>>,
    context: ReadContext,
  ): Promise<Reading<CountedPage<Transaction>>> {
    let reading = await read(context);
    if (owners.needsReply(account, reading.value.rows)) reading = await read(withoutCache(context));
    const rows = await owners.settle(account, reading.value.rows, context);
    return { ...reading, value: { ...reading.value, rows } };
  }

  function readPage(
    { account, query, range, pageNumber, pageSize }: TransactionPageRequest,
    context: ReadContext,
  ): Promise<Reading<CountedPage<Transaction>>> {
    const onBehalfOf = account.providerAccountId;
    const filters = { ...toFilterQuery(query), ...toRangeQuery(range) };
    return client.read<CountedPage<Transaction>>(
      {
        kind: 'transactions',
        route,
        query: { ...toPageQuery(pageNumber, pageSize), ...filters },
        onBehalfOf,
        ...(pageNumber === 1 && pageSize < pageSizeMax && { partOf: wholePage(route, filters, pageSize) }),
        parse(json, reply) {
          const asked = { pageNumber, pageSize, onBehalfOf };
          const { rows, ...counts } = parseList(wireTransactionList, 'transaction_id', asked, json, reply);
          spelling.note(rows);
          const namedBy = owners.namedBy(account, reply.token.text);
          const transactions = rows.map((row) => toTransaction(row, namedBy(row), ledger));
          checkFilters(transactions, query, reply);
          return { rows: transactions, ...counts };
        },
      },
      context,
    );
  }

  function readSpelled(asked: TransactionPageRequest, context: ReadContext) {
    const { account, query } = asked;
    const { currency } = query;
    if (currency === undefined) return readPage(asked, context);
    spelling.checkOneWay(currency, { provider: 'UQPAY', ledger, retryable: false });
    return readAsSpelled(
      currency,
      spelling,
      (spelled) => readPage({ ...asked, query: { ...query, currency: spelled } }, context),
      (isUncached) =>
        readPage(
          { account, query: {}, range: wholeTime, pageNumber: 1, pageSize: pageSizeMin },
          isUncached ? withoutCache(context) : context,
        ),
    );
  }

  return {
    kind: 'page-number',
    ledger,
    ...pageSizes,
    pageRoute: route,
    movesBalanceBy: 'currency',
    spanSecondsMax,
    typeMapping,
    statusMapping,
    absentFields,
    ...(line === 'issuing' && { reportsEndingBalance: true }),
    page(asked, context) {
      const { account, query } = asked;
      const read = (used: ReadContext) => {
        const page = readSpelled(asked, used);
        return signs === null ? page : signs.readPage(page, query);
      };
      return account.providerAccountId === null ? readOwned(account, read, context) : read(context);
    },
    ...(signs && {
      one: createLookUp(route, client, ledger, owners, signs, now),
      oneRoute: route,
      areSignsEffects: () => signs.areEffects,
    }),
  };
}

/** What the filter `transaction_id` accepts (reference section 5.3). */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads one row by its id, from the list filtered by it. Rows with another id show that the filter was ignored. */
function createLookUp(
  route: Route,
  client: UqpayClient,
  ledger: Ledger,
  owners: RowOwners,
  signs: AmountSigns,
  now: () => number,
): NonNullable<PageNumberFeed['one']> {
  return async (account, id, context) => {
    if (!uuid.test(id)) return { value: 'UNSURE', asOfMs: now(), staleBecause: null };
    const onBehalfOf = account.providerAccountId;
    const read: UqpayRead<Transaction | null | 'UNSURE'> = {
      ...{ kind: 'transactions', route, onBehalfOf },
      query: { ...toPageQuery(1, pageSizeMin), transaction_id: id },
      parse(json, reply) {
        const asked = { pageNumber: 1, pageSize: pageSizeMin, onBehalfOf };
        const { rows, ...counts } = parseList(wireTransactionList, 'transaction_id', asked, json, reply);
        const row = rows.find(({ transaction_id }) => transaction_id.toLowerCase() === id.toLowerCase());
        const namedBy = owners.namedBy(account, reply.token.text);
        if (row !== undefined) return toTransaction(row, namedBy(row), ledger);
        const isNone = rows.length === 0 && judgePage({ ...asked, ...counts, rowsOnPage: 0 }) === 'last';
        return isNone ? null : 'UNSURE';
      },
      ofRejection: ({ notFound }) => (notFound ? null : 'UNSURE'),
    };
    let reading = await client.read(read, context);
    const rowsOf = ({ value }: typeof reading) => (value === null || value === 'UNSURE' ? [] : [value]);
    if (owners.needsReply(account, rowsOf(reading))) reading = await client.read(read, withoutCache(context));
    if (rowsOf(reading).length === 0) return reading;
    const [row] = await owners.settle(account, signs.mark(rowsOf(reading)), context);
    const isOwn = row?.account.providerAccountId === account.providerAccountId;
    return { ...reading, value: row !== undefined && isOwn ? row : null };
  };
}

const wholeTime: SecondRange = { fromSecond: null, toSecond: null };

/** Throws UPSTREAM_SHAPE for a row that a filter should have left out: UQPAY ignored the filter. */
function checkFilters(
  rows: readonly Transaction[],
  { currency, type, status }: TransactionQuery,
  { name, details }: ReplyContext,
): void {
  if (currency === undefined && type === undefined && status === undefined) return;
  const code = currency === undefined ? null : upperCaseCodes.read(currency);
  const isOther = (word: string, asked: string | undefined) =>
    asked !== undefined && word !== 'UNRECOGNIZED' && word !== asked;
  for (const [rowIndex, row] of rows.entries()) {
    const field =
      code !== null && row.currency !== code
        ? 'currency'
        : isOther(row.type, type)
          ? 'transaction_type'
          : isOther(row.status, status)
            ? 'transaction_status'
            : null;
    if (field !== null) {
      throw shapeFailure(name, `data[${rowIndex}].${field}`, 'is not what the list was filtered by', details);
    }
  }
}

/** A first page that is cached in full answers for a shorter one. */
function wholePage(
  route: Route,
  filters: Readonly<Record<string, string>>,
  pageSize: number,
): ListOfRow<CountedPage<Transaction>> {
  return {
    route,
    query: { ...toPageQuery(1, pageSizeMax), ...filters },
    pick(page) {
      const { rows, rowCount, pageCount } = page as CountedPage<Transaction>;
      const asked = { pageNumber: 1, pageSize: pageSizeMax };
      const verdict = judgePage({ ...asked, rowsOnPage: rows.length, rowCount, pageCount });
      // If the counts disagree, only the provider knows what they would be for another page size.
      if (verdict !== 'last' && verdict !== 'more') return undefined;
      const pages = pageCount === null ? null : Math.ceil(rowCount / pageSize);
      return { rows: rows.slice(0, pageSize), rowCount, pageCount: pages };
    },
  };
}

function toFilterQuery({ currency, type, status }: TransactionQuery): Record<string, string> {
  return {
    ...(currency === undefined ? {} : { currency }),
    ...(type === undefined ? {} : { transaction_type: type }),
    ...(status === undefined ? {} : { transaction_status: status }),
  };
}
