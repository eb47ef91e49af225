import type { CancelSignal } from '../../domain/cancellation.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AccessToken, RequestToken, TokenStore } from '../../ports/token-store.ts';
import type { TokenIssuer } from '../index.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import { acquireLock, fenceName, type HeldLock } from './lock.ts';
import { createOfflineTokenTurns } from './offline-token-turns.ts';
import { type RedisClient, sharedPart } from './redis-client.ts';
import type { RedisLink } from './redis-link.ts';
import { createStoredTokens, type FencedToken } from './stored-token.ts';
import { readScript, restoreScript, storeScript } from './token-scripts.ts';

export interface RedisTokenStoreOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly issueToken: TokenIssuer;
  readonly keysOf: (credential: string) => EncryptionKeys;
  /** How long earlier reads may be served while there is no token; default not at all. */
  readonly staleMaxAgeMs?: number;
  /** Uniform in [0, 1); default Math.random. */
  readonly random?: () => number;
}

/** How long a token is used before it is looked up again. */
const cachedMs = 1_000;
/** Expiry of the lock: how long a holder that dies can block the others. */
const lockMs = 5_000;
const extendEveryMs = 1_500;
const pollMs = 50;
/** Longer than the lifetime of any token. */
const fenceMs = 24 * 3_600_000;
/** Kept this long after a token expires, so that late callers can say which token they replace. */
const keptAfterExpiryMs = 60_000;
/** By this time after Redis is back, the other replicas have stored the tokens that they requested without it. */
const settledMs = 3_000;

interface Known extends FencedToken {
  readonly lookedUpAtMs: number;
}

interface LockAttempt {
  /** Null when another process holds it. */
  readonly lock: HeldLock | null;
  readonly found: FencedToken | null;
}

/**
 * A token store shared by all replicas: one encrypted token per credential in Redis, issued under a lock. A holder
 * whose lock has expired has a smaller fence than the next one, so its token cannot replace a newer token. No process
 * requests a token without the lock before Redis has had seconds to answer, because another process may have a valid
 * token. While Redis is unavailable each process keeps using its token, and requests a new one only once that is
 * refused or expired. When Redis is available again but has lost the token, the first process to notice restores its
 * own.
 */
export function createRedisTokenStore(options: RedisTokenStoreOptions): TokenStore {
  const { link, clock, issueToken, keysOf, staleMaxAgeMs = 0, random = Math.random } = options;
  const { nameOf, encrypt, parse } = createStoredTokens(keysOf);
  const keyOf = (redis: RedisClient, credential: string) => sharedPart(redis, nameOf(credential));
  const offlineTurns = createOfflineTokenTurns({ clock, random, staleMaxAgeMs });
  const known = new Map<string, Known>();
  const inFlight = new Map<string, Promise<AccessToken>>();
  /** Texts of tokens that were refused while there was no other. */
  const refused = new Map<string, string>();
  let availableAtMs = Number.NEGATIVE_INFINITY;
  link.onAvailable(() => {
    availableAtMs = clock.now();
    offlineTurns.end();
    for (const [credential, own] of known) void restore(credential, own);
  });

  function cache(credential: string, token: AccessToken, fence: number): AccessToken {
    known.set(credential, { token, fence, lookedUpAtMs: clock.now() });
    return token;
  }

  const isRefused = (credential: string, { text }: AccessToken) => refused.get(credential) === text;
  /** Whether `current` may be used instead of `replaced`. Compares texts: the clocks of replicas need not agree. */
  const isAnother = (
    credential: string,
    current: AccessToken | null,
    replaced: AccessToken | null,
  ): current is AccessToken =>
    current !== null && current.text !== replaced?.text && !isRefused(credential, current);
  const isExpired = ({ expiresAtMs }: AccessToken) => expiresAtMs <= clock.now();
  const ttlMs = ({ expiresAtMs }: AccessToken) => Math.max(1, expiresAtMs - clock.now() + keptAfterExpiryMs);

  /** Restores a token that Redis may have lost; resolves with the current one. */
  function restore(credential: string, { token, fence }: FencedToken): Promise<AccessToken> {
    if (isExpired(token) || isRefused(credential, token)) return Promise.resolve(token);
    return link.run(
      async (redis) => {
        const key = keyOf(redis, credential);
        const args = [encrypt(credential, token), fence, ttlMs(token), fenceMs, token.issuedAtMs] as const;
        const found = parse(credential, await redis.eval(restoreScript, 2, key, fenceName(key), ...args));
        return found === null ? token : cache(credential, found.token, found.fence);
      },
      () => token,
    );
  }

  /** The current token of all replicas; this process's own while Redis is unavailable. */
  async function lookUp(credential: string): Promise<AccessToken | null> {
    const own = known.get(credential) ?? null;
    const found = await link.run(
      async (redis) => parse(credential, await redis.eval(readScript, 1, keyOf(redis, credential))),
      () => own,
    );
    return newer(credential, found, own);
  }

  async function newer(credential: string, found: FencedToken | null, own: Known | null) {
    if (found !== null && found.fence >= (own?.fence ?? 0))
      return cache(credential, found.token, found.fence);
    return own === null ? null : restore(credential, own);
  }

  /** Tries to take the lock and then reads the current token, which the previous holder has stored by then. */
  function tryLock(credential: string): Promise<LockAttempt | 'UNAVAILABLE'> {
    const name = nameOf(credential);
    return link.run<LockAttempt | 'UNAVAILABLE'>(
      async (redis) => {
        // Sent together to wait for a slow Redis only once; Redis keeps the order.
        const locking = acquireLock(redis, name, lockMs, fenceMs);
        const looking = redis.eval(readScript, 1, keyOf(redis, credential));
        const [lock, reply] = await Promise.all([locking, looking]);
        return { lock, found: parse(credential, reply) };
      },
      () => 'UNAVAILABLE',
      'token',
    );
  }

  async function replaceShared(
    credential: string,
    replaced: AccessToken | null,
    requestToken: RequestToken,
    isEarly: boolean,
  ): Promise<AccessToken> {
    const latest = await lookUp(credential);
    if (isAnother(credential, latest, replaced)) return latest;
    for (;;) {
      const attempt = await tryLock(credential);
      if (attempt === 'UNAVAILABLE') {
        if (isEarly && replaced !== null && !isExpired(replaced)) return replaced;
        const token = await issueOffline(credential, replaced, requestToken);
        if (token !== null) return token;
        continue;
      }
      const { lock, found } = attempt;
      const own = known.get(credential) ?? null;
      const current = await newer(credential, found, own);
      if (isAnother(credential, current, replaced)) {
        if (lock !== null) release(lock);
        return current;
      }
      // Redis has lost its fences, and `newer` has just restored ours: the next lock gets a larger one.
      const isBehind = lock !== null && own !== null && lock.fence <= own.fence && !isExpired(own.token);
      // Another replica may have requested a token without Redis and be about to store it.
      const isUnsettled = own !== null && clock.now() - availableAtMs < settledMs;
      if (lock !== null && !isBehind && !isUnsettled) return replaceUnderLock(credential, requestToken, lock);
      if (lock !== null) release(lock);
      await clock.sleep(pollMs);
    }
  }

  /** Requests a token without Redis when it is this replica's turn; null when Redis should be tried again. */
  async function issueOffline(
    credential: string,
    replaced: AccessToken | null,
    requestToken: RequestToken,
  ): Promise<AccessToken | null> {
    if (replaced !== null && !isExpired(replaced)) refused.set(credential, replaced.text);
    if (!(await offlineTurns.isItsTurn(credential, known.has(credential)))) return null;
    const token = await issueToken(credential, requestToken);
    offlineTurns.issued(credential);
    return cache(credential, token, (known.get(credential)?.fence ?? 0) + 1);
  }

  async function replaceUnderLock(
    credential: string,
    requestToken: RequestToken,
    lock: HeldLock,
  ): Promise<AccessToken> {
    const held = new AbortController();
    void keepExtending(lock, held.signal);
    try {
      const token = await issueToken(credential, requestToken);
      const own = { token, fence: lock.fence };
      const latest = await link.run(
        async (redis) => {
          const args = [encrypt(credential, token), lock.fence, ttlMs(token), token.issuedAtMs] as const;
          return parse(credential, await redis.eval(storeScript, 1, keyOf(redis, credential), ...args));
        },
        () => own,
        'token',
      );
      const { token: stored, fence } = latest ?? own;
      return cache(credential, stored, fence);
    } finally {
      held.abort();
      release(lock);
    }
  }

  async function keepExtending(lock: HeldLock, signal: CancelSignal): Promise<void> {
    for (;;) {
      await clock.sleep(extendEveryMs, signal).catch(() => {});
      if (signal.aborted) return;
      // Not awaited: a slow reply must not delay the next extension.
      void link.run(
        (redis) => lock.extend(redis),
        () => {},
        'token',
      );
    }
  }

  function release(lock: HeldLock): void {
    void link.run(
      (redis) => lock.release(redis),
      () => {},
      'token',
    );
  }

  return {
    get(credential) {
      const recent = known.get(credential);
      const isRecent = recent !== undefined && Math.abs(clock.now() - recent.lookedUpAtMs) < cachedMs;
      if (isRecent && !isRefused(credential, recent.token)) return recent.token;
      return lookUp(credential).then((token) =>
        token !== null && isRefused(credential, token) ? null : token,
      );
    },
    replace(credential, replaced, requestToken, isEarly = false) {
      const running = inFlight.get(credential);
      if (running !== undefined) return running;
      const issuing = replaceShared(credential, replaced, requestToken, isEarly).finally(() =>
        inFlight.delete(credential),
      );
      inFlight.set(credential, issuing);
      return issuing;
    },
    accepted(credential, { text }) {
      if (known.get(credential)?.token.text === text) offlineTurns.served(credential);
    },
  };
}
