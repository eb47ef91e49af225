import { decodeGlobalId } from '../../src/domain/global-id.ts';
import { byCurrency, toAvailable, toNode } from '../limit/rows.ts';
import type { BalanceRow } from '../upstream/data.ts';
import type { BalancesKey, Reads } from './reads.ts';

/** What the resolvers of one request share. */
export interface PeerContext {
  readonly reads: Reads;
}

interface Filter {
  readonly ledgers?: readonly BalancesKey['ledger'][];
  readonly accountIds?: readonly string[];
}

interface Page<Narrowing = Filter> {
  readonly first: number;
  readonly after?: string | null;
  readonly filter?: Narrowing | null;
}

interface AccountNode {
  readonly providerAccountId: string;
}

type TransactionNode = ReturnType<typeof toNode> & { readonly account: string };

/** Typical hand-written resolvers for these queries: one ledger at a time, replies unchecked. */
export const resolvers = {
  Query: {
    balance: async (
      _: unknown,
      args: { ledger: BalancesKey['ledger']; currency: string; accountId?: string | null },
      { reads }: PeerContext,
    ) => {
      const { ledger, currency, accountId } = args;
      return toBalance(await reads.balance({ ledger, currency, account: accountOf(accountId) }));
    },

    accounts: async (
      _: unknown,
      { first, after, filter }: Page<{ readonly statuses?: readonly unknown[] }>,
      { reads }: PeerContext,
    ) => {
      const { rowsBefore, pageNumber } = toPageNumber(first, after);
      const { data, total_pages } = await reads.accounts(pageNumber, first);
      const rows = data.filter(({ status }) => filter?.statuses?.includes(status) ?? true);
      return {
        nodes: rows.map((row) => ({ providerAccountId: row.account_id, name: row.account_name })),
        pageInfo: { hasNextPage: pageNumber < total_pages, endCursor: toCursor(rowsBefore + data.length) },
      };
    },

    transactions: (_: unknown, page: Page, { reads }: PeerContext) =>
      readTransactions(reads, accountOf(page.filter?.accountIds?.[0]), page),
  },

  Account: {
    balances: async (
      { providerAccountId }: AccountNode,
      { filter }: { filter?: Filter | null },
      { reads }: PeerContext,
    ) => {
      const ledger = filter?.ledgers?.[0] ?? 'BANKING';
      const { data } = await reads.balances({ ledger, account: providerAccountId });
      return { nodes: data.toSorted(byCurrency).map(toBalance) };
    },

    transactions: ({ providerAccountId }: AccountNode, page: Page, { reads }: PeerContext) =>
      readTransactions(reads, providerAccountId, page),
  },

  Transaction: {
    balance: async ({ account, amount }: TransactionNode, _: unknown, { reads }: PeerContext) =>
      toBalance(await reads.balance({ ledger: 'BANKING', account, currency: amount.currency })),
  },
};

/** A cursor is the number of rows before it, so it works only for whole pages. */
function toPageNumber(first: number, after: string | null | undefined) {
  const rowsBefore = Number(Buffer.from(after ?? '', 'base64url').toString());
  const pageNumber = rowsBefore / first + 1;
  if (!Number.isInteger(pageNumber)) throw new Error(`No page of ${first} starts at this cursor.`);
  return { rowsBefore, pageNumber };
}

function toCursor(rowsBefore: number): string {
  return Buffer.from(String(rowsBefore)).toString('base64url');
}

async function readTransactions(reads: Reads, account: string | null, { first, after }: Page) {
  const { rowsBefore, pageNumber } = toPageNumber(first, after);
  const { data, total_pages } = await reads.transactions(account, pageNumber, first);
  return {
    nodes: data.map((row): TransactionNode => ({ ...toNode(row), account: row.account_id })),
    pageInfo: {
      hasNextPage: pageNumber < total_pages,
      endCursor: toCursor(rowsBefore + data.length),
    },
  };
}

function toBalance(row: BalanceRow) {
  return { currency: row.currency, available: toAvailable(row) };
}

function accountOf(id: string | null | undefined): string | null {
  if (id === null || id === undefined) return null;
  const decoded = decodeGlobalId(id);
  if (decoded?.type !== 'Account') throw new Error('This is no id of an account.');
  return decoded.account.providerAccountId;
}
