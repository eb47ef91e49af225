import { compareInstants } from '../../domain/instant.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import type { ReadContext, Reading } from '../../ports/upstream.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { IbaneraClient } from './client.ts';
import { toTransaction } from './map.ts';
import { type Position, placeLost } from './position-token.ts';
import { wireTransactionRows } from './wire.ts';

const path = '/api/v1/customer/accounts/transactions';
/** Rows of an upstream page, whatever is asked for: page numbers mean nothing without it. */
export const upstreamPageSize = 50;
/** Pages that are looked through for a row which newer rows have pushed back. */
const searchPagesMax = 4;

/** The rows that follow a position, newest first, as many as one page has. */
export interface RowsAfter {
  readonly rows: readonly Transaction[];
  /** Index of the first of them in the list as it stands now. */
  readonly startIndex: number;
  /** Whether rows follow these. */
  readonly hasMore: boolean;
  /** Whether a row of the page does not say whose it is: only the question then says so. */
  readonly isNameless: boolean;
  readonly asOfMs: number;
}

type UpstreamRows = Pick<RowsAfter, 'rows' | 'hasMore' | 'isNameless'>;

/** Reads the rows of one asset account behind a position. CURSOR_INVALID when its row cannot be found. */
export async function readRowsAfter(
  client: IbaneraClient,
  account: AccountRef,
  position: Position,
  context: ReadContext,
): Promise<RowsAfter> {
  const { rowIndex, lastId } = position;
  // The page of the row before, so that this row proves that the list stands where it stood.
  let pageNumber = Math.floor(Math.max(0, rowIndex - 1) / upstreamPageSize) + 1;
  let isGuess = false;
  let isFound = lastId === null;
  for (let pageCount = 0; pageCount < searchPagesMax; pageCount += 1, pageNumber += 1) {
    const { value, asOfMs } = await readPage(client, account, position, pageNumber, isGuess, context);
    // Also on a page after it was found: rows that arrive meanwhile push it there.
    const foundIndex = value.rows.findIndex((row) => row.providerTransactionId === lastId);
    isFound ||= foundIndex !== -1;
    const rows = isFound ? value.rows.slice(foundIndex + 1) : [];
    if (isFound && (rows.length > 0 || !value.hasMore)) {
      const startIndex = (pageNumber - 1) * upstreamPageSize + foundIndex + 1;
      return { ...value, rows, startIndex, asOfMs };
    }
    if (!value.hasMore) break;
    isGuess = true;
  }
  throw placeLost();
}

/** One upstream page; `isGuess` when nothing but a full page before it says that it exists. */
function readPage(
  client: IbaneraClient,
  account: AccountRef,
  { assetAccountId, currency }: Position,
  pageNumber: number,
  isGuess: boolean,
  context: ReadContext,
): Promise<Reading<UpstreamRows>> {
  return client.read<UpstreamRows>(
    {
      kind: 'transactions',
      path,
      // Spelled as the one client that is known to read this route does (reference section 5).
      query: {
        AccountsId: assetAccountId,
        PageNumber: String(pageNumber),
        PageSize: String(upstreamPageSize),
      },
      parse(envelope, { name, details }) {
        const fail = (field: string, problem: string) => shapeFailure(name, field, problem, details);
        const wire = parseShape(wireTransactionRows, envelope.details ?? [], name, details);
        if (wire.length > upstreamPageSize)
          throw fail('details', `expected at most ${upstreamPageSize} rows`);
        if ((envelope.pageNumber ?? pageNumber) !== pageNumber) {
          throw fail('pageNumber', 'is not the page that was asked for');
        }
        if ((envelope.pageSize ?? upstreamPageSize) !== upstreamPageSize) {
          throw fail('pageSize', `is not the ${upstreamPageSize} that was asked for`);
        }
        for (const [rowIndex, row] of wire.entries()) {
          if (row.accountIds.some((id) => id !== assetAccountId)) {
            throw fail(`details[${rowIndex}]`, 'is a row of another account than was asked for');
          }
          const before = wire[rowIndex - 1];
          if (before !== undefined && compareInstants(before.datetime, row.datetime) < 0) {
            throw fail(
              `details[${rowIndex}].DateTime`,
              'is newer than the row before: the list is not newest first',
            );
          }
        }
        if (new Set(wire.map(({ id }) => id)).size < wire.length) throw fail('details', 'holds a row twice');
        const rows = wire.map((row) => toTransaction(row, account, assetAccountId, currency));
        const { numberOfPages } = envelope;
        const hasMore =
          numberOfPages === null ? wire.length === upstreamPageSize : pageNumber < numberOfPages;
        return { rows, hasMore, isNameless: wire.some(({ accountIds }) => accountIds.length === 0) };
      },
      // How a page past the end is refused is not documented (reference section 3).
      ofRejection: () => (isGuess ? { rows: [], hasMore: false, isNameless: false } : undefined),
    },
    context,
  );
}
