import type { CurrencyCodes } from '../../domain/currency-code.ts';
import { Failure } from '../../domain/failure.ts';
import type { AccountRef, Balance } from '../../domain/model.ts';
import { RepeatedPages } from '../../domain/repeated-pages.ts';
import type { PageStream } from '../../ports/page.ts';
import type { BalanceRepository } from '../../ports/provider.ts';
import type { ReadContext, Route } from '../../ports/upstream.ts';
import { checkMaster } from '../shared/master-only.ts';
import type { NoahClient } from './client.ts';
import { type ListPage, listPageSize, parseList, toPageQuery } from './list.ts';
import { toBalance } from './map.ts';
import { wireBalanceList } from './wire.ts';

const listRoute: Route = { method: 'GET', path: '/balances' };
/** More pages than any list of balances has; a list that never ends is given up here. */
const pageCountMax = 100;

/** The balances of the business account (reference section 3). There is no route for one of them. */
export function createBalanceRepository(client: NoahClient, codes: CurrencyCodes): BalanceRepository {
  function readPage(account: AccountRef, pageToken: string | null, context: ReadContext) {
    return client.read<ListPage<Balance>>(
      {
        kind: 'balances',
        route: listRoute,
        query: toPageQuery(pageToken),
        parse(json, place) {
          const keyOf = (row: { AccountType: string; CryptoCurrency: string }) =>
            JSON.stringify([row.AccountType, row.CryptoCurrency]);
          const { rows, nextPageToken } = parseList(wireBalanceList, keyOf, pageToken, json, place);
          return { rows: rows.map((row) => toBalance(row, account, codes)), nextPageToken };
        },
      },
      context,
    );
  }

  async function* list(account: AccountRef, context: ReadContext): PageStream<Balance> {
    checkMaster(account, 'NOAH', 'CURRENT');
    const seen = new Set<string>();
    const repeatedPages = new RepeatedPages();
    let pageToken: string | null = null;
    for (let pageNumber = 1; pageNumber <= pageCountMax; pageNumber += 1) {
      const { value, ...reading } = await readPage(account, pageToken, context);
      const keyOf = ({ currency, distinguishingId }: Balance) => JSON.stringify([currency, distinguishingId]);
      // The list may move between two pages, so that a row turns up again.
      const rows = value.rows.filter((row) => !seen.has(keyOf(row)));
      for (const row of rows) seen.add(keyOf(row));
      pageToken = value.nextPageToken;
      const hasMore = pageToken !== null;
      yield { ...reading, value: { rows, rowCount: hasMore ? null : seen.size, hasMore } };
      if (!hasMore) return;
      if (repeatedPages.isStuck(value.rows.map(keyOf))) {
        throw endless(
          'gives one page again and again under new page tokens, so its end cannot be found. Check that NOAH_BASE_URL is ' +
            'NOAH’s API and not a server of sample replies; else ask NOAH.',
        );
      }
    }
    throw endless(`has more than ${pageCountMax} pages.`);
  }

  return {
    ledger: 'CURRENT',
    pageSizeMax: listPageSize,
    credential: client.credential,
    knownBy: 'currency',
    listRoute,
    list,
  };
}

function endless(problem: string): Failure {
  const details = { provider: 'NOAH', ledger: 'CURRENT', retryable: false } as const;
  return new Failure('UPSTREAM_SHAPE', `NOAH ${listRoute.method} ${listRoute.path} ${problem}`, details);
}
