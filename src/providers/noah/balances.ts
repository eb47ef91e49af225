import type { CurrencyCodes } from '../../domain/currency-code.ts';
import { Failure } from '../../domain/failure.ts';
import type { AccountRef, Balance } from '../../domain/model.ts';
import { RepeatedPages } from '../../domain/repeated-pages.ts';
import type { PageStream } from '../../ports/page.ts';
import type { BalanceRepository } from '../../ports/provider.ts';
import type { ReadContext, Route } from '../../ports/upstream.ts';
import { checkMaster } from '../shared/master-only.ts';
import { readWithoutRepeats } from '../shared/read-without-repeats.ts';
import type { NoahClient } from './client.ts';
import { type ListPage, listPageSize, parseList, toPageQuery } from './list.ts';
import { toBalance } from './map.ts';
import { wireBalanceList } from './wire.ts';

const listRoute: Route = { method: 'GET', path: '/balances' };
/** More pages than any list of balances has; a list that is longer is given up. */
const pageCountMax = 100;

/** The balances of the business account (reference section 3). No route returns a single one. */
export function createBalanceRepository(client: NoahClient, codes: CurrencyCodes): BalanceRepository {
  function readPage(account: AccountRef, pageToken: string | null, context: ReadContext) {
    return client.read<ListPage<Balance>>(
      {
        kind: 'balances',
        route: listRoute,
        query: toPageQuery(pageToken),
        parse(json, reply) {
          const keyOf = (row: { AccountType: string; CryptoCurrency: string }) =>
            JSON.stringify([row.AccountType, row.CryptoCurrency]);
          const { rows, nextPageToken } = parseList(wireBalanceList, keyOf, pageToken, json, reply);
          return { rows: rows.map((row) => toBalance(row, account, codes)), nextPageToken };
        },
      },
      context,
    );
  }

  async function* readPages(account: AccountRef, context: ReadContext): PageStream<Balance> {
    checkMaster(account, 'NOAH', 'CURRENT');
    const repeatedPages = new RepeatedPages();
    let pageToken: string | null = null;
    for (let pageNumber = 1; pageNumber <= pageCountMax; pageNumber += 1) {
      const { value, ...reading } = await readPage(account, pageToken, context);
      pageToken = value.nextPageToken;
      const hasMore = pageToken !== null;
      const problem = hasMore ? repeatedPages.problemOf(value.rows.map(keyOf)) : null;
      if (problem === null) yield { ...reading, value: { rows: value.rows, rowCount: null, hasMore } };
      if (!hasMore) return;
      if (problem !== null) {
        throw endless(
          `${problem}, so its end cannot be found. Check that NOAH_BASE_URL is NOAH’s API and not a server of sample ` +
            'replies; else ask NOAH.',
        );
      }
    }
    throw endless(`has more than ${pageCountMax} pages.`);
  }

  const list = (account: AccountRef, context: ReadContext) =>
    readWithoutRepeats(
      {
        readPages: (asked) => readPages(account, asked),
        keyOf,
        repeats: () =>
          endless('gives rows again on later pages, so that others may be missing. Try again.', true),
      },
      context,
    );

  return {
    ledger: 'CURRENT',
    pageSizeMax: listPageSize,
    credential: client.credential,
    knownBy: 'currency',
    listRoute,
    list,
  };
}

function keyOf({ currency, distinguishingId }: Balance): string {
  return JSON.stringify([currency, distinguishingId]);
}

function endless(problem: string, retryable = false): Failure {
  const details = { provider: 'NOAH', ledger: 'CURRENT', retryable } as const;
  return new Failure('UPSTREAM_SHAPE', `NOAH ${listRoute.method} ${listRoute.path} ${problem}`, details);
}
