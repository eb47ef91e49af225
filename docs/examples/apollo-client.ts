import {
  ApolloClient,
  type ApolloLink,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { netOf } from './money.ts';
import { type Source, troubleOf } from './sources.ts';

export function createClient(link: ApolloLink): ApolloClient {
  const pages = relayStylePagination(['filter']); // one list for each filter, whatever the page size
  return new ApolloClient({
    link,
    cache: new InMemoryCache({
      possibleTypes: { Node: ['Account', 'Balance', 'Transaction'] },
      typePolicies: {
        Query: { fields: { accounts: pages, balances: pages, transactions: pages } },
        Account: { fields: { balances: pages, transactions: pages } },
        Balance: { fields: { transactions: pages } },
        Provider: { keyFields: ['code'] },
        Viewer: { keyFields: [] },
      },
    }),
  });
}

interface Row {
  id: string;
  createdAt: string;
  status: string;
  signedAmount: { amount: string; currency: string } | null;
}
interface Page {
  transactions: {
    totalCount: number | null;
    edges: { node: Row }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    sources: Source[];
  } | null;
}
type PageVariables = { filter: object; first: number; after?: string | null };

export const pageQuery: TypedDocumentNode<Page, PageVariables> = gql`
  query Page($filter: TransactionFilter, $first: Int!, $after: String) {
    transactions(filter: $filter, first: $first, after: $after) {
      totalCount
      edges { cursor node { id createdAt status signedAmount { amount currency } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      sources { ledger state code }
    }
  }
`;

/** Scrolls to the end of a list; the cache then holds all of it. */
export async function readToTheEnd(client: ApolloClient, variables: PageVariables) {
  let { data } = await client.query({ query: pageQuery, variables });
  const list = client.watchQuery({ query: pageQuery, variables }); // what useQuery gives a component
  let pageCount = 1;
  while (data?.transactions?.pageInfo.hasNextPage) {
    const after = data.transactions.pageInfo.endCursor;
    ({ data } = await list.fetchMore({ variables: { after } }));
    pageCount += 1;
  }
  const whole = client.readQuery({ query: pageQuery, variables })?.transactions;
  return { pageCount, rows: whole?.edges.map(({ node }) => node) ?? [], sources: whole?.sources };
}

if (import.meta.main) {
  const client = createClient(new HttpLink({ uri: process.argv[2] ?? 'http://127.0.0.1:4000/graphql' }));
  const filter = { ledgers: ['ISSUING'], currencies: ['HKD'] };
  const { pageCount, rows, sources } = await readToTheEnd(client, { filter, first: 50 });
  console.log(`${rows.length} rows in ${pageCount} pages, net ${netOf(rows) ?? 'unknown'} HKD`);
  for (const sentence of troubleOf(sources)) console.log(sentence);
}
