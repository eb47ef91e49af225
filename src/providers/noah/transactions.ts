import type { CurrencyCodes } from '../../domain/currency-code.ts';
import { Failure } from '../../domain/failure.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import type { PageTokenFeed, ReadingOrder, TokenPage } from '../../ports/transaction-feed.ts';
import type { ReadContext, Reading, Route } from '../../ports/upstream.ts';
import { checkMaster } from '../shared/master-only.ts';
import { parseShape, shapeFailure } from '../shared/parse-shape.ts';
import type { NoahClient } from './client.ts';
import { listPageSize, parseList, toPageQuery } from './list.ts';
import { toTransaction } from './map.ts';
import { wireTransaction, wireTransactionList } from './wire.ts';

const pageRoute: Route = { method: 'GET', path: '/transactions' };
const oneRoute: Route = { method: 'GET', path: '/transactions/{id}' };
const directionOf: Record<ReadingOrder, string> = { 'newest-first': 'DESC', 'oldest-first': 'ASC' };

/** The transactions of the business account; the list takes no filters (reference section 4). */
export function createTransactionFeed(
  client: NoahClient,
  codes: CurrencyCodes,
  now: () => number,
): PageTokenFeed {
  async function page(
    account: AccountRef,
    order: ReadingOrder,
    pageToken: string | null,
    context: ReadContext,
  ): Promise<Reading<TokenPage>> {
    checkMaster(account, 'NOAH', 'CURRENT');
    try {
      return await client.read<TokenPage>(
        {
          kind: 'transactions',
          route: pageRoute,
          query: { ...toPageQuery(pageToken), SortDirection: directionOf[order] },
          parse(json, reply) {
            const { rows, nextPageToken } = parseList(
              wireTransactionList,
              ({ ID }) => ID,
              pageToken,
              json,
              reply,
            );
            return { rows: rows.map((row) => toTransaction(row, account, codes)), nextPageToken };
          },
        },
        context,
      );
    } catch (error) {
      throw pageToken === null ? error : toTokenFailure(error);
    }
  }

  async function one(
    account: AccountRef,
    id: string,
    context: ReadContext,
  ): Promise<Reading<Transaction | null>> {
    checkMaster(account, 'NOAH', 'CURRENT');
    if (!uuid.test(id)) return { value: null, asOfMs: now(), staleBecause: null };
    return client.read<Transaction | null>(
      {
        kind: 'transactions',
        route: oneRoute,
        pathValues: { id },
        query: {},
        parse(json, { name, details }) {
          const row = parseShape(wireTransaction, json, name, details);
          if (row.ID.toLowerCase() === id.toLowerCase()) return toTransaction(row, account, codes);
          throw shapeFailure(name, 'ID', 'is not the transaction that was asked for', details);
        },
        ofNotFound: null,
      },
      context,
    );
  }

  return {
    kind: 'page-token',
    ledger: 'CURRENT',
    orders: ['newest-first', 'oldest-first'],
    movesBalanceBy: 'currency',
    pageSizeMax: listPageSize,
    pageRoute,
    oneRoute,
    page,
    one,
  };
}

/** What may be an id in the path (reference section 4). */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** It is not documented how a stale token is refused. A 400 means it, because the rest of the query never changes. */
function toTokenFailure(error: unknown): unknown {
  const isRefused =
    error instanceof Failure && error.code === 'UPSTREAM_REJECTED' && error.details.upstreamStatus === 400;
  if (!isRefused) return error;
  return new Failure(
    'CURSOR_INVALID',
    'NOAH no longer accepts the position of this cursor. Start again without a cursor.',
    error.details,
  );
}
