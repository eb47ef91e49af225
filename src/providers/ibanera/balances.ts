import { Failure } from '../../domain/failure.ts';
import type { AccountRef, Balance } from '../../domain/model.ts';
import type { PageStream } from '../../ports/page.ts';
import type { BalanceRepository } from '../../ports/provider.ts';
import type { ReadContext, Route } from '../../ports/upstream.ts';
import { checkMaster } from '../shared/master-only.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { IbaneraClient } from './client.ts';
import type { EnvelopePage } from './envelope.ts';
import { toBalance } from './map.ts';
import { countsMore, explainRepeated, isRepeated, notHeeded } from './repeated-page.ts';
import { wireBalanceRows } from './wire.ts';

const listRoute: Route = { method: 'GET', path: '/api/v1/customer/accounts/balances' };
/** Asked without page parameters the list comes whole (reference section 3). */
const wholeListRows = 10_000;
/** More pages than any list of balances has; a list that never ends is given up here. */
const pageCountMax = 200;

interface BalancePage {
  readonly rows: readonly Balance[];
  readonly page: EnvelopePage;
}

/** A page to go on with, after the first reply turned out to be one. */
interface NextPage {
  /** From 2. */
  readonly pageNumber: number;
  readonly pageSize: number;
  /** True when nothing says that it exists but a page before it that is full. */
  readonly isGuess: boolean;
}

/** The balances of the asset accounts (reference section 4). There is no route for one of them. */
export function createBalanceRepository(client: IbaneraClient): BalanceRepository {
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
        // How a page past the end is refused is not documented (reference section 3).
        ofRejection: () => (asked?.isGuess === true ? { rows: [], page: noPage } : undefined),
      },
      context,
    );
  }

  async function* list(account: AccountRef, context: ReadContext): PageStream<Balance> {
    checkMaster(account, 'Ibanera', 'ASSET');
    const seen = new Set<string | null>();
    let asked: NextPage | null = null;
    let idsBefore: readonly string[] = [];
    for (let pageCount = 0; pageCount < pageCountMax; pageCount += 1) {
      const { value, ...reading } = await readPage(account, asked, context);
      const rows = value.rows.filter(({ distinguishingId }) => !seen.has(distinguishingId));
      for (const { distinguishingId } of rows) seen.add(distinguishingId);
      const ids = value.rows.map(({ distinguishingId }) => distinguishingId ?? '');
      if (asked !== null && isRepeated(ids, idsBefore)) await checkRepeated(account, ids, asked, context);
      if (asked !== null && rows.length === 0 && asked.pageNumber <= (value.page.numberOfPages ?? 0)) {
        throw giveUp(countsMore);
      }
      idsBefore = ids;
      const next: NextPage | null = rows.length === 0 ? null : toNextPage(asked, value);
      yield {
        ...reading,
        value: { rows, rowCount: next === null ? seen.size : null, hasMore: next !== null },
      };
      if (next === null) return;
      asked = next;
    }
    throw giveUp(`has more than ${pageCountMax} pages`);
  }

  /** A list that shows its last page for any number past it has ended; one whose pages are all the same has not. */
  async function checkRepeated(
    account: AccountRef,
    ids: readonly string[],
    { pageNumber, isGuess }: NextPage,
    context: ReadContext,
  ): Promise<void> {
    const repeated = await explainRepeated(ids, pageNumber, async (row) => {
      const { value } = await readPage(account, row, context);
      return value.rows.map(({ distinguishingId }) => distinguishingId ?? '');
    });
    if (repeated === 'not-heeded') throw giveUp(notHeeded);
    if (!isGuess || repeated === 'list-moved') throw giveUp(countsMore);
  }

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

/** The page after `value`; null when that was the whole list or its end. */
function toNextPage(asked: NextPage | null, { rows, page }: BalancePage): NextPage | null {
  const pageNumber = asked?.pageNumber ?? page.pageNumber ?? 1;
  const pageSize = asked?.pageSize ?? page.pageSize ?? 0;
  // Without the field, or with more rows than it says, the reply is no page but the list.
  if (pageSize === 0 || rows.length > pageSize) return null;
  if (page.numberOfPages === null) {
    return rows.length < pageSize ? null : { pageNumber: pageNumber + 1, pageSize, isGuess: true };
  }
  return pageNumber < page.numberOfPages ? { pageNumber: pageNumber + 1, pageSize, isGuess: false } : null;
}

function giveUp(problem: string): Failure {
  return new Failure('UPSTREAM_SHAPE', `Ibanera ${listRoute.method} ${listRoute.path} ${problem}.`, {
    ...{ provider: 'IBANERA', ledger: 'ASSET', retryable: false },
  });
}
