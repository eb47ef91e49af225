import { Failure } from '../../domain/failure.ts';
import type { QueryLimits } from '../../domain/query-limits.ts';
import { checkLimit } from './check-limit.ts';

/** Nesting depth of objects and lists in one variable. The deepest input of the schema has four levels. */
const depthMax = 16;
/** Fields of one object, or variables of one request. */
const fieldsMax = 1_000;
/** Characters in the name of a field or variable. */
const nameLengthMax = 128;
/** Characters of one string: twice the longest cursor. */
const textLengthMax = 16_384;
/** Values in all variables together, and characters of all strings, for each member that one list may have. */
const valuesPerListItem = 10;
const charactersPerListItem = 500;

/**
 * Bounds what variables can cost later, in coercion, name comparison and error messages. Throws QUERY_TOO_COMPLEX for a
 * list that is too long, and BAD_USER_INPUT, naming the first variable that is too large, for anything else.
 */
export function checkVariables(variables: Readonly<Record<string, unknown>>, limits: QueryLimits): void {
  const valuesMax = limits.listItems * valuesPerListItem;
  const charactersMax = Math.max(limits.listItems * charactersPerListItem, textLengthMax);
  let valueCount = 0;
  let characterCount = 0;

  function check(value: unknown, name: string, depth: number): void {
    valueCount += 1;
    if (valueCount > valuesMax) {
      throw tooLarge('The variables', `hold more than ${valuesMax} values`, 'Ask in several requests.');
    }
    if (typeof value === 'string' && value.length > textLengthMax) {
      const found = `has a text of ${value.length} characters; at most ${textLengthMax} are read`;
      throw tooLarge(`Variable "$${name}"`, found, 'Send a shorter text.');
    }
    if (typeof value === 'string') characterCount += value.length;
    if (characterCount > charactersMax) {
      throw tooLarge(
        'The variables',
        `hold more than ${charactersMax} characters`,
        'Ask in several requests.',
      );
    }
    if (typeof value !== 'object' || value === null) return;
    if (depth >= depthMax) {
      throw tooLarge(`Variable "$${name}"`, `nests deeper than ${depthMax} levels`, 'Nest less.');
    }
    if (Array.isArray(value)) {
      checkLimit('listItems', value.length, limits);
      for (const item of value) check(item, name, depth + 1);
      return;
    }
    const fields = Object.entries(value);
    checkNames(`Variable "$${name}" holds an object that`, fields);
    for (const [, inner] of fields) check(inner, name, depth + 1);
  }

  const sent = Object.entries(variables);
  checkNames('The request', sent);
  for (const [name, value] of sent) check(value, name, 0);
}

function checkNames(owner: string, entries: readonly (readonly [string, unknown])[]): void {
  if (entries.length > fieldsMax) {
    const found = `has ${entries.length} ${owner === 'The request' ? 'variables' : 'fields'}; at most ${fieldsMax} are read`;
    throw tooLarge(owner, found, 'Send those that the operation uses.');
  }
  const long = entries.find(([name]) => name.length > nameLengthMax)?.[0];
  if (long !== undefined) {
    const found = `has a name of ${long.length} characters; at most ${nameLengthMax} are read`;
    throw tooLarge(owner, found, 'Send names of the schema.');
  }
}

function tooLarge(owner: string, found: string, remedy: string): Failure {
  return new Failure('BAD_USER_INPUT', `${owner} ${found}. ${remedy}`);
}
