import { importJWK, type JWK } from 'jose';

/** The keys of a key set (RFC 7517), sorted by use. */
export interface SortedKeys {
  /** Keys that can verify signatures of one of the algorithms. */
  readonly usable: readonly JWK[];
  /** Keys meant for one of the algorithms that cannot verify anything: too short or broken. */
  readonly broken: readonly JWK[];
}

/** Keys that are inspected; issuers publish a handful. */
const keysMax = 200;
/** RSA signatures require at least this key length (RFC 7518, section 3.3). */
const rsaBitsMin = 2_048;

/** Sorts the keys of a key set; null when it is not a key set. Ignores keys after the first 200. */
export async function sortKeys(keySet: unknown, algorithms: readonly string[]): Promise<SortedKeys | null> {
  if (typeof keySet !== 'object' || keySet === null || !('keys' in keySet)) return null;
  const { keys } = keySet;
  if (!Array.isArray(keys)) return null;
  const meant = keys.slice(0, keysMax).filter((key: unknown): key is JWK => isMeant(key, algorithms));
  const verdicts = await Promise.all(meant.map((key) => isUsable(key, algorithms)));
  return {
    usable: meant.filter((_, index) => verdicts[index]),
    broken: meant.filter((_, index) => !verdicts[index]),
  };
}

/** Whether a key is meant for signatures of one of `algorithms`. */
function isMeant(key: unknown, algorithms: readonly string[]): key is JWK {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, use, alg } = key as JWK;
  if (typeof kty !== 'string' || kty === 'oct' || use === 'enc') return false;
  return alg === undefined || algorithms.includes(alg);
}

async function isUsable(key: JWK, algorithms: readonly string[]): Promise<boolean> {
  for (const algorithm of algorithms) {
    if (key.alg !== undefined && key.alg !== algorithm) continue;
    try {
      const imported = await importJWK(key, algorithm);
      // jose would discover this only when it verifies a signature.
      if (imported instanceof Uint8Array || isLongEnough(imported.algorithm)) return true;
    } catch {
      // Not a key for this algorithm.
    }
  }
  return false;
}

function isLongEnough(algorithm: object): boolean {
  return !('modulusLength' in algorithm) || Number(algorithm.modulusLength) >= rsaBitsMin;
}
