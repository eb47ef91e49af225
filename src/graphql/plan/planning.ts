import { GraphQLError } from 'graphql';
import type { Scope } from '../../domain/caller.ts';
import { Failure } from '../../domain/failure.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import {
  type ConnectionArguments,
  checkPageArguments,
  pageSizeDefault,
  pageSizeMax,
} from '../connection-arguments.ts';
import type { GatewayContext } from '../context.ts';
import type { AccountGroup } from './account-group.ts';
import type { CallPlan, Place } from './call-plan.ts';
import type { PlannedStep } from './planned-step.ts';
import type { SelectedField, Selection } from './selection.ts';

/** What the plans of fields work with. */
export interface Planning {
  readonly context: GatewayContext;
  readonly calls: CallPlan;
  /** The plans of all fields, for what is selected below. */
  readonly plans: FieldPlans;
  /** Told of arguments that so many fields refuse; throws where they are too many. */
  readonly onRefused: (failure: Failure, fieldCount: number) => void;
}

/** Objects that an operation is going to have in hand. */
export interface PlannedObjects {
  readonly accounts: AccountGroup;
  /** Steps that have to end before they are there. */
  readonly after: readonly PlannedStep[];
  /** Whether a list is above them. */
  readonly isInList: boolean;
  /** Whether there are some for certain, where lists are as long as was asked for. */
  readonly isCertain: boolean;
}

export type PlannedAccounts = PlannedObjects;

export interface PlannedBalances extends PlannedObjects {
  /** Ledgers that they may be of. */
  readonly ledgers: readonly Ledger[];
  /** Tells them from other balances of these accounts. */
  readonly rowsKey: string;
  /** Balances of each account, where the list is as long as was asked for. */
  readonly rowsEach: number;
  /** The same at least. */
  readonly rowsLeastEach: number;
}

export interface PlannedTransactions extends PlannedObjects {
  /** Ledgers that they are of. */
  readonly ledgers: readonly Ledger[];
  /** Currencies that they are in; null where nothing narrows. */
  readonly currencies: readonly string[] | null;
  /** Set where what is selected of the rows is read beside their page (`look-ahead.ts`): what that waits for. */
  readonly beside: readonly PlannedStep[] | null;
}

/** What one field costs upstream: adds its calls to the plan, and has what is selected below it planned. */
export type FieldPlan<Parent> = (field: SelectedField, parent: Parent, planning: Planning) => void;

/** The plans of all fields that cost calls, by type and name. Each stands beside the field's resolver. */
export interface FieldPlans {
  readonly Query: Readonly<Record<string, FieldPlan<null>>>;
  /** What each event costs at most. */
  readonly Subscription: Readonly<Record<string, FieldPlan<null>>>;
  readonly Account: Readonly<Record<string, FieldPlan<PlannedAccounts>>>;
  readonly Balance: Readonly<Record<string, FieldPlan<PlannedBalances>>>;
  readonly Transaction: Readonly<Record<string, FieldPlan<PlannedTransactions>>>;
}

/** Where a field of `parent` wants calls. */
export function placeOf({ path }: SelectedField, { after, isCertain }: PlannedObjects): Place {
  return { path, after, isCertain };
}

/** Plans root fields. */
export function planRoot(root: Selection, rootName: 'Query' | 'Subscription', planning: Planning): void {
  planFields(root.of(rootName), planning.plans[rootName], null, planning);
}

/** Plans what is selected of accounts. */
export function planAccounts(below: Selection, parent: PlannedAccounts, planning: Planning): void {
  planFields(below.of('Account'), planning.plans.Account, parent, planning);
}

/** Plans what is selected of balances. */
export function planBalances(below: Selection, parent: PlannedBalances, planning: Planning): void {
  planFields(below.of('Balance'), planning.plans.Balance, parent, planning);
}

/** Plans what is selected of transactions. */
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
      // Arguments that cannot be read: execution refuses the field.
      if (!(error instanceof GraphQLError)) throw error;
    }
  }
}

/** Whether the caller has a scope; without it a field is refused before anything is read. */
export function may(scope: Scope, { context }: Planning): boolean {
  return context.viewer.scopes.includes(scope);
}

/** Rows that a list is taken to have at least where nobody named a size. */
const shortList = 10;

/** How many rows a connection is asked for. */
export interface SizeAsked {
  readonly rows: number;
  /** None of those that follow a cursor: nobody knows how many there are. */
  readonly rowsLeast: number;
}

/** Rows that a connection is asked for; null for arguments that its field refuses. */
export function sizeAsked(args: ConnectionArguments): SizeAsked | null {
  const { first, last, before } = args;
  const size = first ?? last ?? null;
  if ((first != null && last != null) || before === '') return null;
  if (size !== null && (size < 1 || size > pageSizeMax)) return null;
  const rowsLeast = hasCursor(args) ? 0 : (size ?? shortList);
  return { rows: size ?? pageSizeDefault, rowsLeast };
}

/** Throws BAD_USER_INPUT for sizes no page has, and CURSOR_INVALID for cursors that were not made here. */
export function checkPage(args: ConnectionArguments, { context: { signer } }: Planning): void {
  checkPageArguments(args);
  for (const cursor of [args.after ?? '', args.before ?? '']) if (cursor !== '') signer.verify(cursor);
}

/** Whether a page starts or ends somewhere within the list. */
export function hasCursor({ after, before }: ConnectionArguments): boolean {
  return (after ?? '') !== '' || (before ?? '') !== '';
}

/** Whether a page is taken from the end of a list. */
export function isBackward({ first, after, last, before }: ConnectionArguments): boolean {
  return last != null || (first == null && after == null && before != null);
}

/** What `work` gives; null where the arguments are refused, so that nothing is read for the field. */
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

/** For what is selected of each of so many rows: an argument that is refused for one is refused for all. */
export function refusedByEach(rowCount: number, planning: Planning): Planning {
  return {
    ...planning,
    onRefused: (failure, fieldCount) => planning.onRefused(failure, fieldCount * rowCount),
  };
}

/** A selection of nothing. */
export const noSelection: Selection = { of: () => [] };
