import {
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  getFragment,
  getRequest,
  getSingularSelector,
} from 'relay-runtime';
import { netOf } from '../money.ts';
import { troubleOf } from '../sources.ts';
import type { accountTransactions_account$data } from './__generated__/accountTransactions_account.graphql.ts';
import page from './__generated__/accountTransactionsPageQuery.graphql.ts';
import type { accountTransactionsQuery } from './__generated__/accountTransactionsQuery.graphql.ts';
import { fragment, query } from './account-transactions.ts';
import { createEnvironment } from './environment.ts';

/** What `usePaginationFragment` does with `loadNext`, without React. */
export async function readToTheEnd(
  environment: Environment,
  variables: accountTransactionsQuery['variables'],
) {
  const operation = createOperationDescriptor(getRequest(query), variables);
  const retained = environment.retain(operation);
  const fromStore = () => {
    const { account } = environment.lookup(operation.fragment).data as accountTransactionsQuery['response'];
    const selector = account && getSingularSelector(getFragment(fragment), account);
    return selector && (environment.lookup(selector).data as accountTransactions_account$data).transactions;
  };
  await fetchQuery(environment, query, variables).toPromise();
  let list = fromStore();
  let pageCount = 1;
  let shown = 0;
  // A page without rows: all remaining rows belong to a ledger that is failing.
  while (list?.pageInfo.hasNextPage && list.edges.length > shown) {
    shown = list.edges.length;
    const after = list.pageInfo.endCursor;
    await fetchQuery(environment, page, { ...variables, after }).toPromise();
    list = fromStore();
    pageCount += 1;
  }
  retained.dispose();
  return { pageCount, rows: list?.edges.map(({ node }) => node) ?? [], sources: list?.sources };
}

if (import.meta.main) {
  const environment = createEnvironment(process.argv[2] ?? 'http://127.0.0.1:4000/graphql');
  const id = process.argv[3] ?? '';
  const filter = { currencies: ['EUR'] };
  const { pageCount, rows, sources } = await readToTheEnd(environment, { id, filter });
  console.log(`${rows.length} rows in ${pageCount} pages, net ${netOf(rows) ?? 'unknown'} EUR`);
  if (sources === undefined) console.log('There is no account with this id here.');
  for (const sentence of troubleOf(sources)) console.log(sentence);
}
