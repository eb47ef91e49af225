import { importJWK, type JWK } from 'jose';

/** How many keys of a key set (RFC 7517) can verify a signature by one of `algorithms`; null: it is no key set. */
export async function countUsableKeys(
  keySet: unknown,
  algorithms: readonly string[],
): Promise<number | null> {
  if (typeof keySet !== 'object' || keySet === null || !('keys' in keySet)) return null;
  const { keys } = keySet;
  if (!Array.isArray(keys)) return null;
  const usable = await Promise.all(keys.map((key: unknown) => isUsable(key, algorithms)));
  return usable.filter((isGood) => isGood).length;
}

async function isUsable(key: unknown, algorithms: readonly string[]): Promise<boolean> {
  if (!isKey(key) || key.use === 'enc' || key.kty === 'oct') return false;
  for (const algorithm of algorithms) {
    if (key.alg !== undefined && key.alg !== algorithm) continue;
    try {
      await importJWK(key, algorithm);
      return true;
    } catch {
      // Not a key for this algorithm.
    }
  }
  return false;
}

function isKey(key: unknown): key is JWK {
  return typeof key === 'object' && key !== null && 'kty' in key && typeof key.kty === 'string';
}
