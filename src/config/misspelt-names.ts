import { providerVariables } from './providers.ts';
import { variables } from './variables.ts';

/** A variable that does nothing, and the one that was probably meant. */
export interface MisspeltName {
  readonly name: string;
  readonly meant: string;
}

const units = ['_MS', '_SECONDS', '_BYTES', '_PER_MINUTE'];
/** With a letter more, less or another one, shorter names are near too many of other programs'. */
const lengthMin = 8;

/**
 * Variables that the gateway does not read, but which are one that it does read and that is not set: in small letters,
 * without its unit (`BALANCE_MAX_AGE`), with two neighbours swapped (`AUHT`), or, from eight letters on, with one letter
 * wrong, missing or too many (`REDIS_URI`). They may be another program's, so that they are no reason not to start.
 * Providers' unknown names are one, and left out here.
 */
export function misspeltNames(env: Readonly<Record<string, string | undefined>>): readonly MisspeltName[] {
  // Read once: each look into the process's environment goes out of JavaScript.
  const given = new Map(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const known = new Set(Object.keys(variables.shape));
  const unset = [...known].filter((name) => !given.has(name));
  return [...given.keys()]
    .filter((name) => !known.has(name) && !isOfProvider(name))
    .flatMap((name) => {
      const upper = name.toUpperCase();
      const meant = unset.find((candidate) => isNearly(upper, candidate));
      return meant === undefined ? [] : [{ name, meant }];
    });
}

function isNearly(name: string, known: string): boolean {
  if (Math.abs(name.length - known.length) > 1) return units.some((unit) => known === name + unit);
  if (name === known) return true;
  let start = 0;
  while (start < name.length && name[start] === known[start]) start++;
  let end = 0;
  while (end < name.length - start && name.at(-1 - end) === known.at(-1 - end)) end++;
  const [wrong, right] = [name.slice(start, name.length - end), known.slice(start, known.length - end)];
  if (wrong.length === 2 && wrong === [...right].reverse().join('')) return true;
  return name.length >= lengthMin && wrong.length <= 1 && right.length <= 1;
}

function isOfProvider(name: string): boolean {
  return providerVariables.some(({ code }) => name.toUpperCase().startsWith(`${code}_`));
}
