import { providerVariables } from './providers.ts';
import { variables } from './variables.ts';

/** An unknown variable, and the one that was probably meant. */
export interface MisspeltName {
  readonly name: string;
  readonly meant: string;
}

const units = ['_MS', '_SECONDS', '_BYTES', '_PER_MINUTE'];
/** Shorter names are one letter away from too many variables of other programs. */
const lengthMin = 8;

/**
 * Finds unknown variables that look like an unset variable of the gateway: in lower case, without the unit
 * (`BALANCE_MAX_AGE`), with two adjacent letters swapped (`AUHT`), or, from eight letters on, with one letter wrong, missing
 * or extra (`REDIS_URI`). They may belong to another program, so they only cause a warning. Unknown names that start with
 * a provider's code are an error and are not included here.
 */
export function misspeltNames(env: Readonly<Record<string, string | undefined>>): readonly MisspeltName[] {
  // Read once, because every access to the environment is a native call.
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
