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

/**
 * Checks Relay's arguments. Pages run forward by default, and backward for `last` or for `before` without `first` and
 * `after`. The cursor of the other direction bounds the page. Throws BAD_USER_INPUT.
 */
export function parsePageArguments(args: ConnectionArguments, info: GraphQLResolveInfo): PageArguments {
  checkPageArguments(args);
  const { first = null, after = null, last = null, before = null } = args;
  const wantsTotal = selectsAnyOf(info, ['totalCount', 'pageCursors']);
  const isBackward = last !== null || (first === null && after === null && before !== null);
  if (isBackward) {
    const until = after === '' ? null : after;
    return { direction: 'backward', size: last ?? pageSizeDefault, cursor: before, until, wantsTotal };
  }
  // Numbered pagers open page 1 with an empty cursor.
  const cursor = after === '' ? null : after;
  return { direction: 'forward', size: first ?? pageSizeDefault, cursor, until: before, wantsTotal };
}

/** Throws BAD_USER_INPUT for arguments that do not describe a page. */
export function checkPageArguments({ first = null, last = null, before = null }: ConnectionArguments): void {
  if (first !== null && last !== null) {
    throw badInput('first', 'cannot be combined with "last": one pages forward, the other backward.');
  }
  checkSize('first', first);
  checkSize('last', last);
  if (before === '') {
    throw badInput('before', 'must be a cursor; leave it out to start at the end of the list.');
  }
}

function checkSize(argumentName: 'first' | 'last', size: number | null): void {
  if (size !== null && (size < 1 || size > pageSizeMax)) {
    throw badInput(argumentName, `must be from 1 to ${pageSizeMax}; it was ${size}.`);
  }
}
