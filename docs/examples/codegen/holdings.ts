import { showMoney } from '../money.ts';
import { graphql } from './gql/gql.ts';
import type { HoldingsQuery, HoldingsQueryVariables, TypedDocumentString } from './gql/graphql.ts';

const holdings = graphql(`
  query Holdings($filter: BalanceFilter, $first: Int!) {
    balances(filter: $filter, first: $first) {
      totalCount
      nodes { ledger currency status statusRaw available { amount currency } }
      sources { ledger state code retryAfterSeconds }
    }
  }
`);

export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

export async function ask<Data, Variables>(
  url: string,
  query: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer<Data>;
}

type Holding = NonNullable<HoldingsQuery['balances']>['nodes'][number];

/** Shows a status that this program does not know as the provider's own value. */
function statusOf({ status, statusRaw }: Holding): string {
  switch (status) {
    case 'ACTIVE':
      return 'open';
    case 'PENDING':
    case 'PROCESSING':
      return 'soon';
    case 'CLOSED':
      return 'closed';
    default:
      return statusRaw ?? '-';
  }
}

if (import.meta.main) {
  const variables: HoldingsQueryVariables = { filter: { currencies: ['EUR', 'JPY', 'KWD'] }, first: 100 };
  const { data, errors = [] } = await ask(
    process.argv[2] ?? 'http://127.0.0.1:4000/graphql',
    holdings,
    variables,
  );
  for (const holding of data?.balances?.nodes ?? []) {
    const available = holding.available ? showMoney(holding.available) : 'not reported';
    console.log(holding.ledger.padEnd(8), statusOf(holding).padEnd(7), available);
  }
  for (const { message } of errors) console.log(message);
}
