import type {
  BalanceStatementResolvers,
  StatementEntryConnectionResolvers,
  StatementEntryEdgeResolvers,
} from '../../generated/resolvers.ts';
import { parsePageArguments } from '../input/connection-arguments.ts';
import { toEdges } from '../models.ts';

/** A statement's entries are in memory, so a page of them costs no call. */
export const BalanceStatement: BalanceStatementResolvers = {
  entries: (statement, args, { reads }, info) =>
    reads.statementEntries(statement, parsePageArguments(args, info)),
};

export const StatementEntryConnection: StatementEntryConnectionResolvers = {
  edges: (page) => toEdges(page),
  nodes: (page) => page.rows,
  pageInfo: (page) => page,
};

export const StatementEntryEdge: StatementEntryEdgeResolvers = {
  cursor: ({ page, rowIndex }) => page.cursorOf(rowIndex),
};
