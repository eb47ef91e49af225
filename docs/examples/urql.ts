import { Client, fetchExchange, gql, type TypedDocumentNode } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import type { IntrospectionQuery } from 'graphql';
import { introspect } from './client-schema.ts';
import { netOf } from './money.ts';
import { type Source, troubleOf } from './sources.ts';

/** `schema` tells the cache about `Node`, nullability and lists, so that partial answers work. */
export function createClient(url: string, schema: IntrospectionQuery): Client {
  const pages = relayPagination(); // one list for each set of other arguments
  const noKey = () => null;
  const cache = cacheExchange({
    schema,
    keys: {
      BalancesChanged: noKey,
      BalanceTotals: noKey,
      ConversionLine: noKey,
      ConvertedTotal: noKey,
      CurrencyTotal: noKey,
      ExchangeRate: noKey,
      ExchangeRateList: noKey,
      Money: noKey,
      PageCursors: noKey,
      PageCursor: noKey,
      Provider: ({ code }) => `${code}`,
      SourceReport: noKey,
      TransactionsChanged: noKey,
      Viewer: noKey,
    },
    resolvers: {
      Query: { accounts: pages, balances: pages, transactions: pages },
      Account: { balances: pages, transactions: pages },
      Balance: { transactions: pages },
    },
  });
  return new Client({ url, exchanges: [cache, fetchExchange], preferGetMethod: false });
}

interface Row {
  id: string;
  createdAt: string;
  status: string;
  signedAmount: { amount: string; currency: string } | null;
}
interface Page {
  transactions: {
    nodes: Row[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    sources: Source[];
  } | null;
}
type PageVariables = { filter: object; first: number; after?: string | null };

export const pageQuery: TypedDocumentNode<Page, PageVariables> = gql`
  query Page($filter: TransactionFilter, $first: Int!, $after: String) {
    transactions(filter: $filter, first: $first, after: $after) {
      nodes { id createdAt status signedAmount { amount currency } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      sources { ledger state code }
    }
  }
`;

/** Scrolls to the end of a list; each answer holds all pages so far, merged by the cache. */
export async function readToTheEnd(client: Client, variables: PageVariables) {
  let list: Page['transactions'] | undefined;
  let pageCount = 0;
  do {
    const after = list?.pageInfo.endCursor ?? null;
    const { data, error } = await client.query(pageQuery, { ...variables, after }).toPromise();
    if (error) throw error;
    list = data?.transactions;
    pageCount += 1;
  } while (list?.pageInfo.hasNextPage);
  return { pageCount, rows: list?.nodes ?? [], sources: list?.sources };
}

if (import.meta.main) {
  const url = process.argv[2] ?? 'http://127.0.0.1:4000/graphql';
  const client = createClient(url, await introspect(url));
  const filter = { ledgers: ['ISSUING'], currencies: ['HKD'] };
  const { pageCount, rows, sources } = await readToTheEnd(client, { filter, first: 50 });
  console.log(`${rows.length} rows in ${pageCount} pages, net ${netOf(rows) ?? 'unknown'} HKD`);
  for (const sentence of troubleOf(sources)) console.log(sentence);
}
