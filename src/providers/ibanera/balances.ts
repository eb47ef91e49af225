import { Failure } from '../../domain/failure.ts';
import type { AccountRef, Balance } from '../../domain/model.ts';
import type { PageStream } from '../../ports/page.ts';
import type { BalanceRepository } from '../../ports/provider.ts';
import type { ReadContext, Route } from '../../ports/upstream.ts';
import { checkMaster } from '../shared/master-only.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import { readWithoutRepeats } from '../shared/read-without-repeats.ts';
import type { IbaneraClient } from './client.ts';
import type { EnvelopePage } from './envelope.ts';
import { toBalance } from './map.ts';
import { countsMore, explainRepeated, isRepeated, numberIgnored } from './repeated-page.ts';
import { wireBalanceRows } from './wire.ts';

const listRoute: Route = { method: 'GET', path: '/api/v1/customer/accounts/balances' };
/** Rows of the page that is requested without page parameters, which is the whole list (reference section 3). */
const wholeListRows = 10_000;
/** Default rows per page, on lists that are paged even without page parameters (reference section 3). */
const defaultPageSize = 10;
/** More pages than any list of balances has; a list that is longer is given up. */
const pageCountMax = 200;

interface BalancePage {
  readonly rows: readonly Balance[];
  readonly page: EnvelopePage;
}

/** The next page to read, after the first reply turned out to be a page. */
interface NextPage {
  /** From 2. */
  readonly pageNumber: number;
  readonly pageSize: number;
  /** True if only a full page before it suggests that it exists. */
  readonly isGuess: boolean;
}

/** The balances of the asset accounts (reference section 4). No route returns a single one. */
export function createBalanceRepository(client: IbaneraClient): BalanceRepository {
  /** Id of the last row of a full page that turned out to be the whole list. */
  let lastIdOfWhole: string | null = null;

  function readPage(account: AccountRef, asked: NextPage | null, context: ReadContext) {
    const query =
      asked === null ? {} : { pageNumber: String(asked.pageNumber), pageSize: String(asked.pageSize) };
    return client.read<BalancePage>(
      {
        kind: 'balances',
        route: listRoute,
        query,
        parse(envelope, { name, details }) {
          const rows = parseShape(wireBalanceRows, envelope.details, name, details);
          if (new Set(rows.map(({ id }) => id)).size < rows.length) {
            throw shapeFailure(name, 'details', 'holds an account twice', details);
          }
          const { pageSize, pageNumber, numberOfPages } = envelope;
          if (asked !== null && pageNumber !== null && pageNumber !== asked.pageNumber) {
            throw shapeFailure(name, 'pageNumber', 'is not the page that was asked for', details);
          }
          const page = { pageSize, pageNumber, numberOfPages };
          return { rows: rows.map((row) => toBalance(row, account)), page };
        },
        // It is not documented how a page past the end is refused (reference section 3).
        ofRejection: () => (asked?.isGuess === true ? { rows: [], page: noPage } : undefined),
      },
      context,
    );
  }

  async function* readPages(account: AccountRef, context: ReadContext): PageStream<Balance> {
    checkMaster(account, 'Ibanera', 'ASSET');
    let asked: NextPage | null = null;
    let idsBefore: readonly string[] = [];
    for (let pageCount = 0; pageCount < pageCountMax; pageCount += 1) {
      const { value, ...reading } = await readPage(account, asked, context);
      const ids = value.rows.map(idOf);
      const isPastEnd: boolean = asked !== null && (ids.length === 0 || isRepeated(ids, idsBefore));
      if (asked !== null && isPastEnd) {
        if (ids.length > 0) await checkRepeated(account, ids, asked, context);
        if (asked.pageNumber <= (value.page.numberOfPages ?? 0)) throw giveUp(countsMore);
        lastIdOfWhole = idsBefore.at(-1) ?? null;
      }
      idsBefore = ids;
      const next: NextPage | null = isPastEnd ? null : toNextPage(asked, value, lastIdOfWhole);
      const rows = isPastEnd ? [] : value.rows;
      yield { ...reading, value: { rows, rowCount: null, hasMore: next !== null } };
      if (next === null) return;
      asked = next;
    }
    throw giveUp(`has more than ${pageCountMax} pages`);
  }

  /** A list that shows its last page again for later numbers has ended; one whose pages are all the same has not. */
  async function checkRepeated(
    account: AccountRef,
    ids: readonly string[],
    { pageNumber, isGuess }: NextPage,
    context: ReadContext,
  ): Promise<void> {
    const repeated = await explainRepeated(ids, pageNumber, async (row) => {
      const { value } = await readPage(account, row, context);
      return value.rows.map(idOf);
    });
    if (repeated === 'number-ignored') throw giveUp(numberIgnored);
    if (!isGuess || repeated === 'list-moved') throw giveUp(countsMore);
  }

  const list = (account: AccountRef, context: ReadContext) =>
    readWithoutRepeats(
      {
        readPages: (asked) => readPages(account, asked),
        keyOf: idOf,
        repeats: () =>
          giveUp('gives rows again on later pages, so that others may be missing. Try again', true),
      },
      context,
    );

  return {
    ledger: 'ASSET',
    pageSizeMax: wholeListRows,
    credential: client.credential,
    knownBy: 'provider-id',
    listRoute,
    list,
  };
}

const noPage: EnvelopePage = { pageSize: null, pageNumber: null, numberOfPages: null };

/** The page after `value`; null if `value` was the whole list or its end. */
function toNextPage(
  asked: NextPage | null,
  { rows, page }: BalancePage,
  lastIdOfWhole: string | null,
): NextPage | null {
  const pageNumber = asked?.pageNumber ?? page.pageNumber ?? 1;
  const pageSize = asked?.pageSize ?? page.pageSize ?? 0;
  // Without the field, or with more rows than it states, the reply is the whole list.
  if (pageSize === 0 || rows.length > pageSize) return null;
  const following = { pageNumber: pageNumber + 1, pageSize };
  const isFull = rows.length === pageSize && rows.at(-1)?.distinguishingId !== lastIdOfWhole;
  if (page.numberOfPages === null) return isFull ? { ...following, isGuess: true } : null;
  // Ten rows are the default first page: only the next page shows whether numberOfPages is always 1.
  const isDoubted = isFull && rows.length === defaultPageSize && page.numberOfPages === 1 && pageNumber === 1;
  if (isDoubted) return { ...following, isGuess: true };
  // A page count below this page's number counts nothing.
  if (pageNumber > page.numberOfPages) return isFull ? { ...following, isGuess: true } : null;
  return pageNumber < page.numberOfPages ? { ...following, isGuess: false } : null;
}

function idOf({ distinguishingId }: Balance): string {
  return distinguishingId ?? '';
}

function giveUp(problem: string, retryable = false): Failure {
  return new Failure('UPSTREAM_SHAPE', `Ibanera ${listRoute.method} ${listRoute.path} ${problem}.`, {
    ...{ provider: 'IBANERA', ledger: 'ASSET', retryable },
  });
}
