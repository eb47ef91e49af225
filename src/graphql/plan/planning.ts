import { GraphQLError } from 'graphql';
import type { Scope } from '../../domain/caller.ts';
import { Failure } from '../../domain/failure.ts';
import type { Account } from '../../domain/model.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { GatewayContext } from '../context.ts';
import {
  arePageArguments,
  type ConnectionArguments,
  checkPageArguments,
  hasCursor,
  pageSizeDefault,
} from '../input/connection-arguments.ts';
import type { AccountGroup } from './account-group.ts';
import type { CallPlan, CallSite } from './call-plan.ts';
import type { PlannedStep } from './planned-step.ts';
import type { SelectedField, Selection } from './selection.ts';

/** What the plans of fields work with. */
export interface Planning {
  readonly context: GatewayContext;
  readonly calls: CallPlan;
  /** The plans of all fields, for planning nested selections. */
  readonly plans: FieldPlans;
  readonly listed: ListedAccountsByPath;
  /** Called with each refused argument and the number of fields it affects; throws when there are too many. */
  readonly onRefused: (failure: Failure, fieldCount: number) => void;
}

/** Accounts of lists that execution has read, by the path of the list's field. */
export type ListedAccountsByPath = ReadonlyMap<string, readonly Account[]>;

/** Objects that an operation will have at some point. */
export interface PlannedObjects {
  readonly accounts: AccountGroup;
  /** Steps that must end before these objects are known. */
  readonly after: readonly PlannedStep[];
  /** Whether they are within a list. */
  readonly isInList: boolean;
  /** Whether there is at least one for certain, if lists are as long as requested. */
  readonly isCertain: boolean;
}

/** Accounts have no other facts. */
export type PlannedAccounts = PlannedObjects;

export interface PlannedBalances extends PlannedObjects {
  /** Ledgers that they may belong to. */
  readonly ledgers: readonly Ledger[];
  /** Distinguishes them from other balances of these accounts. */
  readonly rowsKey: string;
  /** Balances of each account, if the list is as long as requested. */
  readonly rowsEach: number;
  /** Least number of balances of each account. */
  readonly rowsLeastEach: number;
}

export interface PlannedTransactions extends PlannedObjects {
  /** Ledgers that they belong to. */
  readonly ledgers: readonly Ledger[];
  /** Currencies that they are in; null when nothing narrows them. */
  readonly currencies: readonly string[] | null;
  /** Identifies the transaction when there is only one, whose currency is not known; null for several. */
  readonly onlyRow: string | null;
  /**
   * Set when the reads of their selected fields run in parallel with their page (`look-ahead.ts`): the steps that those
   * reads wait for.
   */
  readonly readAheadAfter: readonly PlannedStep[] | null;
}

/** Plans one field: adds its calls to the plan, and plans the selection below it. */
export type FieldPlan<Parent> = (field: SelectedField, parent: Parent, planning: Planning) => void;

/** The plans of all fields that cost calls, by type and name. Each stands beside the field's resolver. */
export interface FieldPlans {
  readonly Query: Readonly<Record<string, FieldPlan<null>>>;
  /** The most that each event costs. */
  readonly Subscription: Readonly<Record<string, FieldPlan<null>>>;
  readonly Account: Readonly<Record<string, FieldPlan<PlannedAccounts>>>;
  readonly Balance: Readonly<Record<string, FieldPlan<PlannedBalances>>>;
  readonly Transaction: Readonly<Record<string, FieldPlan<PlannedTransactions>>>;
}

/** The call site of a field of `parent`. */
export function callSiteOf({ path }: SelectedField, { after, isCertain }: PlannedObjects): CallSite {
  return { path, after, isCertain };
}

/** Plans the root fields. */
export function planRoot(root: Selection, rootName: 'Query' | 'Subscription', planning: Planning): void {
  planFields(root.of(rootName), planning.plans[rootName], null, planning);
}

/** Plans the selection on accounts. */
export function planAccounts(below: Selection, parent: PlannedAccounts, planning: Planning): void {
  planFields(below.of('Account'), planning.plans.Account, parent, planning);
}

/** Plans the selection on balances. */
export function planBalances(below: Selection, parent: PlannedBalances, planning: Planning): void {
  planFields(below.of('Balance'), planning.plans.Balance, parent, planning);
}

/** Plans the selection on transactions. */
export function planTransactions(below: Selection, parent: PlannedTransactions, planning: Planning): void {
  planFields(below.of('Transaction'), planning.plans.Transaction, parent, planning);
}

function planFields<Parent>(
  fields: readonly SelectedField[],
  plans: Readonly<Record<string, FieldPlan<Parent>>>,
  parent: Parent,
  planning: Planning,
): void {
  for (const field of fields) {
    try {
      plans[field.name]?.(field, parent, planning);
    } catch (error) {
      // An argument is not valid: execution refuses the field.
      if (!(error instanceof GraphQLError)) throw error;
    }
  }
}

/** Whether the caller has a scope; a field that lacks it is refused before anything is read. */
export function may(scope: Scope, { context }: Planning): boolean {
  return context.viewer.scopes.includes(scope);
}

/** Least number of rows assumed for a list without a requested size. */
const shortList = 10;

/** How many rows of a connection are requested. */
export interface RequestedSize {
  readonly rows: number;
  /** 0 after a cursor, because it is unknown how many rows follow it. */
  readonly rowsLeast: number;
}

/** Rows requested of a connection; null for arguments that its field refuses. */
export function requestedSize(args: ConnectionArguments): RequestedSize | null {
  if (!arePageArguments(args)) return null;
  const size = args.first ?? args.last ?? null;
  const rowsLeast = hasCursor(args) ? 0 : (size ?? shortList);
  return { rows: size ?? pageSizeDefault, rowsLeast };
}

/** Throws BAD_USER_INPUT for impossible page sizes, and CURSOR_INVALID for cursors that this gateway did not issue. */
export function checkPage(args: ConnectionArguments, { context: { signer } }: Planning): void {
  checkPageArguments(args);
  for (const cursor of [args.after ?? '', args.before ?? '']) if (cursor !== '') signer.verify(cursor);
}

/** Returns the result of `work`; null when it refuses the arguments, so that nothing is planned for the field. */
export function unlessRefused<T>(
  { onRefused }: Pick<Planning, 'onRefused'>,
  work: () => T,
  fieldCount = 1,
): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    onRefused(error, fieldCount);
    return null;
  }
}

/** Planning for a selection on each of `rowCount` rows: an argument refused for one row is refused for all. */
export function refusedByEach(rowCount: number, planning: Planning): Planning {
  return {
    ...planning,
    onRefused: (failure, fieldCount) => planning.onRefused(failure, fieldCount * rowCount),
  };
}

/** An empty selection. */
export const noSelection: Selection = { of: () => [] };
