import { editDistance } from './nearest-name.ts';
import { providerVariables } from './providers.ts';
import { variables } from './variables.ts';

/** A variable that does nothing, and the one that was probably meant. */
export interface MisspeltName {
  readonly name: string;
  readonly meant: string;
}

/** Shorter names are near too many of other programs'. */
const lengthMin = 8;
const editsMax = 2;

/**
 * Variables that the gateway does not know, each two letters at most away from one that is not set, or the beginning of
 * it (`BALANCE_MAX_AGE`). They may be another program's, so that they are no reason not to start. Providers' unknown names
 * are one, and left out here.
 */
export function misspeltNames(env: Readonly<Record<string, string | undefined>>): readonly MisspeltName[] {
  const isSet = (name: string) => env[name] !== undefined && env[name] !== '';
  const known = Object.keys(variables.shape);
  const unset = known.filter((name) => !isSet(name));
  return Object.keys(env)
    .filter((name) => isSet(name) && name.length >= lengthMin && !known.includes(name) && !isOfProvider(name))
    .flatMap((name) => {
      const upper = name.toUpperCase();
      const meant =
        unset.find((candidate) => candidate.startsWith(`${upper}_`)) ??
        unset.find((candidate) => editDistance(upper, candidate) <= editsMax);
      return meant === undefined ? [] : [{ name, meant }];
    });
}

function isOfProvider(name: string): boolean {
  return providerVariables.some(({ code }) => name.toUpperCase().startsWith(`${code}_`));
}
