import { createRemoteJWKSet, customFetch, errors, type JWK, type JWTVerifyGetKey } from 'jose';
import { isPlainText } from '../../domain/global-id.ts';
import { jsonShapeProblem } from '../../domain/json-shape.ts';
import { sortKeys } from './usable-keys.ts';

/** Logs events of the issuer's keys. */
export type IssuerKeysLog = (fields: Readonly<Record<string, unknown>>, message: string) => void;

export interface IssuerKeysOptions {
  readonly url: URL;
  /** Signature algorithms that tokens may use. */
  readonly algorithms: readonly string[];
  /** Current time in epoch milliseconds. */
  readonly now: () => number;
  readonly warn?: IssuerKeysLog | undefined;
  /** Timeout of the whole reply; default 3 s. */
  readonly timeoutMs?: number | undefined;
}

const defaultTimeoutMs = 3_000;
/** Largest key set after decompression; real ones have a few kilobytes. */
const bytesMax = 1_048_576;
const cooldownMs = 30_000;
const keptMs = 600_000;
/** Pause before calling an issuer again that was too slow or sent too much. */
const pauseMs = 5_000;

/**
 * Reads the keys that an issuer publishes: when first needed, again after ten minutes, and again for an unknown key id,
 * at most every 30 s. Does not follow redirects, and skips unusable keys.
 */
export function createIssuerKeys(options: IssuerKeysOptions): JWTVerifyGetKey {
  const { url, algorithms, now, warn, timeoutMs = defaultTimeoutMs } = options;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  let warnedOf = '';

  function warnOf(broken: readonly JWK[]): void {
    const keyIds = broken.map(({ kid }) => (isPlainText(kid) ? kid : null));
    const text = JSON.stringify(keyIds);
    if (broken.length > 0 && text !== warnedOf) {
      warn?.(
        { keyIds },
        'AUTH_JWKS_URL has keys that cannot be used, too short or broken; they are passed over',
      );
    }
    warnedOf = text;
  }

  const readKeys: typeof fetch = async (_url, init) => {
    if (now() < pausedUntilMs)
      throw new errors.JWKSTimeout('The issuer was slow or sent too much a moment ago');
    try {
      const response = await fetch(url, init);
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new errors.JWKSInvalid(`The issuer answered with HTTP ${response.status}`);
      }
      const text = await readText(response);
      const problem = jsonShapeProblem(text);
      if (problem !== null) throw new errors.JWKSInvalid(`The issuer's reply ${problem}`);
      const sorted = await sortKeys(JSON.parse(text), algorithms);
      if (sorted === null) throw new errors.JWKSInvalid('The issuer answered without a key set');
      warnOf(sorted.broken);
      return Response.json({ keys: sorted.usable });
    } catch (error) {
      if (error instanceof KeySetTooLarge || init?.signal?.aborted) pausedUntilMs = now() + pauseMs;
      throw error;
    }
  };

  return createRemoteJWKSet(url, {
    timeoutDuration: timeoutMs,
    cooldownDuration: cooldownMs,
    cacheMaxAge: keptMs,
    [customFetch]: readKeys,
  });
}

class KeySetTooLarge extends Error {}

/** Reads the body as text. Throws, which ends the connection, at the first byte above the limit. */
async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let byteCount = 0;
  for await (const chunk of body ?? []) {
    byteCount += chunk.length;
    if (byteCount > bytesMax) throw new KeySetTooLarge('The key set is larger than 1 MiB');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8').decode(Buffer.concat(chunks, byteCount));
}
