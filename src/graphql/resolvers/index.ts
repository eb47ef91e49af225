import type { Resolvers } from '../../generated/resolvers.ts';
import { CurrencyCode, DateTime, Decimal, TimeZone } from '../input/scalars.ts';
import { Account } from './account.ts';
import { ActivityPoint } from './activity.ts';
import { Balance } from './balance.ts';
import {
  AccountConnection,
  AccountEdge,
  BalanceConnection,
  BalanceEdge,
  PageInfo,
  SourceReport,
  TransactionConnection,
  TransactionEdge,
} from './connections.ts';
import { Node } from './node.ts';
import { Provider } from './provider.ts';
import { Query } from './query.ts';
import { BalanceStatement, StatementEntryConnection, StatementEntryEdge } from './statement.ts';
import { BalancesChanged, Subscription } from './subscription.ts';
import { BalanceTotals } from './totals.ts';
import { Transaction } from './transaction.ts';
import { Viewer } from './viewer.ts';

/** All resolvers. A field without one is the property of its name. */
export const resolvers: Resolvers = {
  Query,
  Subscription,
  BalancesChanged,
  Node,
  Provider,
  Account,
  AccountConnection,
  AccountEdge,
  Balance,
  BalanceConnection,
  BalanceEdge,
  BalanceTotals,
  Transaction,
  TransactionConnection,
  TransactionEdge,
  ActivityPoint,
  BalanceStatement,
  StatementEntryConnection,
  StatementEntryEdge,
  PageInfo,
  SourceReport,
  Viewer,
  Decimal,
  CurrencyCode,
  DateTime,
  TimeZone,
};
