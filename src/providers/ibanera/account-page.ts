import { Failure } from '../../domain/failure.ts';
import { compareInstants } from '../../domain/instant.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import type { ReadContext, Reading, Route } from '../../ports/upstream.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { IbaneraClient } from './client.ts';
import { toTransaction } from './map.ts';
import type { Position } from './position-token.ts';
import { wireTransactionRows } from './wire.ts';

/** Reference section 5. */
export const pageRoute: Route = { method: 'GET', path: '/api/v1/customer/accounts/transactions' };

/** The page to read. */
export interface PageAsked {
  /** From 1. */
  readonly pageNumber: number;
  readonly pageSize: number;
  /** True if nothing says that the page exists: then a refusal means the end of the list. */
  readonly isGuess: boolean;
}

/** One page as Ibanera returned it. */
export interface AccountPage {
  readonly rows: readonly Transaction[];
  /** Rows per page: what the reply says, if that is less than was requested. */
  readonly pageSize: number;
  /** Number of pages in the list; null if the reply does not count them. */
  readonly pageCount: number | null;
  /** Whether a row of the page does not name its account: then only the request says whose it is. */
  readonly isNameless: boolean;
}

/**
 * Reads one page of an asset account's transactions, newest first. A refusal rejects with UPSTREAM_REJECTED: without
 * this account's rows, no list of all accounts is complete.
 */
export async function readAccountPage(
  client: IbaneraClient,
  account: AccountRef,
  position: Pick<Position, 'assetAccountId' | 'currency'>,
  asked: PageAsked,
  context: ReadContext,
): Promise<Reading<AccountPage>> {
  try {
    return await readPage(client, account, position, asked, context);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'UPSTREAM_REJECTED') throw error;
    const { upstreamStatus, notFromProvider } = error.details;
    if (notFromProvider === true) throw error;
    const { assetAccountId } = position;
    throw new Failure(
      error.code,
      `Ibanera does not list the transactions of asset account ${assetAccountId} (HTTP ${upstreamStatus}). ` +
        'A list over all asset accounts would lack its rows, so there is none; those of other balances can be read ' +
        'one by one. Ask Ibanera about this account, or set IBANERA_TRANSACTIONS=off.',
      error.details,
    );
  }
}

function readPage(
  client: IbaneraClient,
  account: AccountRef,
  { assetAccountId, currency }: Pick<Position, 'assetAccountId' | 'currency'>,
  { pageNumber, pageSize, isGuess }: PageAsked,
  context: ReadContext,
): Promise<Reading<AccountPage>> {
  return client.read<AccountPage>(
    {
      kind: 'transactions',
      route: pageRoute,
      // Spelled as in the only client that is known to read this route (reference section 5).
      query: {
        AccountsId: assetAccountId,
        PageNumber: String(pageNumber),
        PageSize: String(pageSize),
      },
      parse(envelope, { name, details }) {
        const fail = (field: string, problem: string) => shapeFailure(name, field, problem, details);
        const wire = parseShape(wireTransactionRows, envelope.details, name, details);
        if ((envelope.pageNumber ?? pageNumber) !== pageNumber) {
          throw fail('pageNumber', 'is not the page that was asked for');
        }
        const sizeSaid = envelope.pageSize ?? pageSize;
        if (wire.length > 0 && sizeSaid > pageSize) {
          throw fail('pageSize', `is more than the ${pageSize} that were asked for`);
        }
        if (wire.length > Math.min(sizeSaid, pageSize))
          throw fail('details', 'holds more rows than a page has');
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
        // A page count below this page's number counts nothing.
        const pageCount = numberOfPages === null || numberOfPages < pageNumber ? null : numberOfPages;
        if (wire.length === 0 && pageCount !== null && pageCount > 1) {
          throw fail('details', 'holds no row, and numberOfPages says that this page has some');
        }
        return {
          ...{ rows, pageCount },
          pageSize: wire.length === 0 ? pageSize : sizeSaid,
          isNameless: wire.some(({ accountIds }) => accountIds.length === 0),
        };
      },
      // It is not documented how a page past the end is refused (reference section 3).
      ofRejection: () => (isGuess ? { rows: [], pageSize, pageCount: null, isNameless: false } : undefined),
    },
    context,
  );
}
