import * as z from 'zod';
import {
  amount,
  cursorInput,
  filterInput,
  known,
  listFacts,
  listSelection,
  listShape,
  rowsPerPage,
} from '../shapes.ts';
import { dataOf, defineTool, errorLines } from '../tool.ts';
import { listWords, moneyWords } from '../words.ts';

const row = z.object({
  id: z.string().describe('Global ID.'),
  ledger: z.string(),
  currency: z.string(),
  available: amount('Can be spent now.'),
  total: amount('Everything held.'),
  pending: amount('Not settled yet.'),
  frozen: amount('Blocked.'),
  status: known('Life cycle.'),
  asOf: z.string().describe('When the gateway read these amounts.'),
});

const account = z.object({ id: z.string() }).nullish();

const operation = `query ListBalances($filter: BalanceFilter, $first: Int!, $after: String, $withAccount: Boolean!) {
  balances(filter: $filter, first: $first, after: $after) {
    nodes {
      id ledger currency status asOf provider { code } account @include(if: $withAccount) { id }
      available { amount currency } total { amount currency } pending { amount currency } frozen { amount currency }
    }
    asOf
    ${listSelection}
  }
}`;

const answered = z.object({
  asOf: z.string(),
  nodes: z.array(row.extend({ provider: z.object({ code: z.string() }), account })),
});

export const listBalances = defineTool({
  name: 'list_balances',
  title: 'List balances',
  description: `What accounts hold, one row for each ledger and currency, ${rowsPerPage} a page. Without accountIds: the master account of each provider. Amounts are exact text; null is "not reported", never zero. Never add amounts of different currencies.`,
  scope: 'balances:read',
  input: z.strictObject({
    ...filterInput,
    cursor: cursorInput,
  }),
  output: z.object({
    balances: z.array(
      row.extend({
        provider: z.string(),
        accountId: known('ID of the account, where several were asked for.'),
      }),
    ),
    asOf: z.string().describe('The oldest reading on this page.'),
    ...listShape,
  }),
  async answer({ cursor, ...filter }, run) {
    // Telling accounts apart costs calls, so it is done only for several accounts.
    const { accountIds = [] } = filter;
    const withAccount = accountIds.length > 1;
    const variables = { filter, first: rowsPerPage, after: cursor ?? null, withAccount };
    const answer = await run({ query: operation, operationName: 'ListBalances', variables });
    const list = dataOf(answer, 'balances');
    const facts = listFacts(list, errorLines(answer));
    const { nodes, asOf } = answered.parse(list);
    const balances = nodes.map(({ provider, account: owner, ...rest }) => ({
      ...rest,
      provider: provider.code,
      accountId: owner?.id ?? accountIds[0] ?? null,
    }));
    const lines = balances.map(
      ({ provider, ledger, currency, available, asOf: readAt }) =>
        `${provider} ${ledger} ${currency}: available ${moneyWords(available)}, read at ${readAt}`,
    );
    return { structured: { balances, asOf, ...facts }, text: listWords('balances', lines, facts) };
  },
});
