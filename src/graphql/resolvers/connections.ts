import type {
  AccountConnectionResolvers,
  AccountEdgeResolvers,
  BalanceConnectionResolvers,
  BalanceEdgeResolvers,
  PageInfoResolvers,
  SourceReportResolvers,
  TransactionConnectionResolvers,
  TransactionEdgeResolvers,
} from '../../generated/resolvers.ts';
import { toEdges } from '../models.ts';

/** Fields that have another name in a page than in the schema. Counts, flags and sources are plain properties. */
export const AccountConnection: AccountConnectionResolvers = {
  edges: (page) => toEdges(page),
  nodes: (page) => page.rows,
  pageInfo: (page) => page,
};

export const BalanceConnection: BalanceConnectionResolvers = {
  edges: (page) => toEdges(page),
  nodes: (page) => page.rows,
  pageInfo: (page) => page,
};

export const TransactionConnection: TransactionConnectionResolvers = {
  edges: (page) => toEdges(page),
  nodes: (page) => page.rows,
  pageInfo: (page) => page,
  totalCount: (page) => page.totalCount(),
  pageCursors: (page) => page.pageCursors(),
};

export const AccountEdge: AccountEdgeResolvers = { cursor: ({ page, rowIndex }) => page.cursorOf(rowIndex) };
export const BalanceEdge: BalanceEdgeResolvers = { cursor: ({ page, rowIndex }) => page.cursorOf(rowIndex) };
export const TransactionEdge: TransactionEdgeResolvers = {
  cursor: ({ page, rowIndex }) => page.cursorOf(rowIndex),
};

export const PageInfo: PageInfoResolvers = {
  hasNextPage: (page) => (typeof page.hasNextPage === 'boolean' ? page.hasNextPage : page.hasNextPage()),
  hasPreviousPage: (page) =>
    typeof page.hasPreviousPage === 'boolean' ? page.hasPreviousPage : page.hasPreviousPage(),
  startCursor: (page) => (page.rows.length === 0 ? (page.resumeCursor ?? null) : page.cursorOf(0)),
  endCursor: (page) =>
    page.rows.length === 0 ? (page.resumeCursor ?? null) : page.cursorOf(page.rows.length - 1),
};

export const SourceReport: SourceReportResolvers = {
  code: ({ failure }) => failure?.code ?? null,
  retryAfterSeconds: ({ failure }) => failure?.details.retryAfterSeconds ?? null,
};
