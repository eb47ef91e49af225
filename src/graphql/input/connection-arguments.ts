import type { GraphQLResolveInfo } from 'graphql';
import type { PageArguments } from '../../data/pagination/page.ts';
import { selectsAnyOf } from '../selected-fields.ts';
import { badInput } from './bad-input.ts';

/** Relay's pagination arguments as the caller sent them. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** Rows of a page when neither `first` nor `last` is given. */
export const pageSizeDefault = 20;
/** The most rows that `first` or `last` may ask for. */
export const pageSizeMax = 100;

/** Checks Relay's arguments. The cursor of the other direction bounds the page. Throws BAD_USER_INPUT. */
export function parsePageArguments(args: ConnectionArguments, info: GraphQLResolveInfo): PageArguments {
  checkPageArguments(args);
  const { first = null, after = null, last = null, before = null } = args;
  const wantsTotal = selectsAnyOf(info, ['totalCount', 'pageCursors']);
  // Numbered pagers open page 1 with an empty cursor.
  const start = after === '' ? null : after;
  return isBackward(args)
    ? { direction: 'backward', size: last ?? pageSizeDefault, cursor: before, until: start, wantsTotal }
    : { direction: 'forward', size: first ?? pageSizeDefault, cursor: start, until: before, wantsTotal };
}

/** Whether a page runs backward: for `last`, or for `before` without `first` and `after`. */
export function isBackward({ first, after, last, before }: ConnectionArguments): boolean {
  return last != null || (first == null && after == null && before != null);
}

/** Whether a page starts or ends at a cursor. */
export function hasCursor({ after, before }: ConnectionArguments): boolean {
  return (after ?? '') !== '' || (before ?? '') !== '';
}

/** Throws BAD_USER_INPUT for arguments that do not describe a page. */
export function checkPageArguments(args: ConnectionArguments): void {
  const found = problemOf(args);
  if (found !== null) throw badInput(found.argumentName, found.problem);
}

/** Whether arguments describe a page. */
export function arePageArguments(args: ConnectionArguments): boolean {
  return problemOf(args) === null;
}

interface ArgumentProblem {
  readonly argumentName: keyof ConnectionArguments;
  readonly problem: string;
}

function problemOf({
  first = null,
  last = null,
  before = null,
}: ConnectionArguments): ArgumentProblem | null {
  if (first !== null && last !== null) {
    const problem = 'cannot be combined with "last": one pages forward, the other backward.';
    return { argumentName: 'first', problem };
  }
  const ofSize = sizeProblem('first', first) ?? sizeProblem('last', last);
  if (ofSize !== null || before !== '') return ofSize;
  const problem = 'must be a cursor; leave it out to start at the end of the list.';
  return { argumentName: 'before', problem };
}

function sizeProblem(argumentName: 'first' | 'last', size: number | null): ArgumentProblem | null {
  if (size === null || (size >= 1 && size <= pageSizeMax)) return null;
  return { argumentName, problem: `must be from 1 to ${pageSizeMax}; it was ${size}.` };
}
