import { Failure } from '../../domain/failure.ts';
import { compareInstants } from '../../domain/instant.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import type { BalanceRepository } from '../../ports/provider.ts';
import type { PageTokenFeed, ReadingOrder, TokenPage } from '../../ports/transaction-feed.ts';
import type { ReadContext, Reading } from '../../ports/upstream.ts';
import { checkMaster } from '../shared/master-only.ts';
import { type FilterTrust, refuseSharedRows } from './account-filter.ts';
import { pageRoute } from './account-page.ts';
import { type RowsAfter, readRowsAfter } from './account-rows.ts';
import type { IbaneraClient } from './client.ts';
import { createListEnds, type ListEnds } from './list-ends.ts';
import { decodePositions, encodePositions, type Position, upstreamPageSize } from './position-token.ts';

/**
 * The transactions of all asset accounts, newest first. Ibanera lists them by account and page number (reference
 * section 5), so the lists are merged here. A page token holds the position in each list: the last row read, which is
 * found again by its id when newer rows have pushed it back. `onlyId` restricts the feed to one asset account.
 */
export function createTransactionFeed(
  client: IbaneraClient,
  balances: BalanceRepository,
  now: () => number,
  onlyId: string | null = null,
  trust: FilterTrust = { isEarned: false },
  ends: ListEnds = createListEnds(),
): PageTokenFeed {
  let listCount: number | null = null;

  async function page(
    account: AccountRef,
    order: ReadingOrder,
    pageToken: string | null,
    context: ReadContext,
  ): Promise<Reading<TokenPage>> {
    checkMaster(account, 'Ibanera', 'ASSET');
    if (order !== 'newest-first') {
      throw new Failure('BAD_USER_INPUT', 'Ibanera’s transactions can be read newest first only.', {
        ...{ provider: 'IBANERA', ledger: 'ASSET', retryable: false },
      });
    }
    const isStart = pageToken === null;
    const all = isStart ? await readStart(account, balances, context) : decodePositions(pageToken);
    listCount = all.length;
    const positions = all.filter(({ assetAccountId }) => onlyId === null || assetAccountId === onlyId);
    const lists = await Promise.all(
      positions.map(async (position) => ({
        position,
        after: position.isDone ? null : await readRowsAfter(client, account, position, ends, context),
      })),
    );
    const withRows = lists.flatMap(({ after }) => (after === null ? [] : [after]));
    if (withRows.some(({ isNameless }) => isNameless)) {
      refuseSharedRows(withRows, isStart, trust);
      if (onlyId !== null && !trust.isEarned) await checkAlone(account, onlyId, context);
    }
    const value = mergeLists(lists);
    const times = withRows.map(({ asOfMs }) => asOfMs);
    return { value, asOfMs: Math.min(...times, now()), staleBecause: null };
  }

  /** Compares the newest rows of one asset account with another's: the only check when one account is read alone. */
  async function checkAlone(account: AccountRef, onlyId: string, context: ReadContext): Promise<void> {
    const all = await readStart(account, balances, context);
    const own = all.find(({ assetAccountId }) => assetAccountId === onlyId);
    const other = all.find(({ assetAccountId }) => assetAccountId !== onlyId);
    if (own === undefined || other === undefined) return;
    const lists = [own, other].map((position) => readRowsAfter(client, account, position, ends, context));
    refuseSharedRows(await Promise.all(lists), true, trust);
  }

  return {
    kind: 'page-token',
    ledger: 'ASSET',
    orders: ['newest-first'],
    movesBalanceBy: 'provider-id',
    absentFields: ['reference'],
    pageSizeMax: upstreamPageSize,
    pageRoute,
    listsByBalance: { count: () => (onlyId === null ? listCount : 1) },
    page,
    ofBalance: (id) => createTransactionFeed(client, balances, now, id, trust, ends),
  };
}

async function readStart(
  account: AccountRef,
  balances: BalanceRepository,
  context: ReadContext,
): Promise<readonly Position[]> {
  const positions: Position[] = [];
  for await (const { value } of balances.list(account, context)) {
    for (const { distinguishingId, currency } of value.rows) {
      if (distinguishingId === null) continue;
      positions.push({
        assetAccountId: distinguishingId,
        currency,
        rowIndex: 0,
        lastId: null,
        isDone: false,
        pageSize: upstreamPageSize,
      });
    }
  }
  return positions;
}

/** A list and how far it has been read. */
interface ListProgress {
  readonly position: Position;
  /** Null for a list that has been read to its end. */
  readonly after: RowsAfter | null;
}

/** Merges the newest rows of all lists, until a list may hold a newer row that has not been read. */
function mergeLists(lists: readonly ListProgress[]): TokenPage {
  const taken = lists.map(() => 0);
  const rows: Transaction[] = [];
  while (rows.length < upstreamPageSize) {
    const heads = lists.map(({ after }, index) => after?.rows[taken[index] ?? 0]);
    const isExhausted = lists.some(
      ({ after }, index) => after?.hasMore === true && heads[index] === undefined,
    );
    const newestIndex = isExhausted ? -1 : indexOfNewest(heads);
    const newest = heads[newestIndex];
    if (newest === undefined) break;
    rows.push(newest);
    taken[newestIndex] = (taken[newestIndex] ?? 0) + 1;
  }
  const next = lists.map((list, index) => toPosition(list, taken[index] ?? 0));
  return { rows, nextPageToken: next.every(({ isDone }) => isDone) ? null : encodePositions(next) };
}

function indexOfNewest(heads: readonly (Transaction | undefined)[]): number {
  let newestIndex = -1;
  for (const [index, head] of heads.entries()) {
    const newest = heads[newestIndex];
    if (head === undefined) continue;
    if (newest === undefined || compareInstants(head.createdAt, newest.createdAt) > 0) newestIndex = index;
  }
  return newestIndex;
}

function toPosition({ position, after }: ListProgress, takenCount: number): Position {
  if (after === null) return position;
  const last = after.rows[takenCount - 1];
  return {
    ...position,
    rowIndex: after.startIndex + takenCount,
    lastId: last?.providerTransactionId ?? position.lastId,
    pageSize: after.pageSize,
    isDone: !after.hasMore && takenCount === after.rows.length,
  };
}
