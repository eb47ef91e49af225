import * as z from 'zod';
import type { CancelSignal } from '../../domain/cancellation.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AccessToken, RequestToken, TokenStore } from '../../ports/token-store.ts';
import type { TokenIssuer } from '../index.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import { acquireLock, fenceName, type HeldLock } from './lock.ts';
import type { RedisLink } from './redis-link.ts';
import { lookScript, publishScript, storeScript } from './token-scripts.ts';

export interface RedisTokenStoreOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly issueToken: TokenIssuer;
  readonly keysOf: (credential: string) => EncryptionKeys;
}

const storedToken = z.strictObject({ text: z.string(), mintedAtMs: z.number(), expiresAtMs: z.number() });

/** How long a token that was looked up is used without looking again. */
const lookedUpMs = 1_000;
/** A holder that dies keeps the others waiting no longer than this. */
const lockMs = 5_000;
const extendEveryMs = 1_500;
const pollMs = 50;
/** Longer than any token lives. */
const fenceMs = 24 * 3_600_000;
/** Kept beyond its expiry, so that who comes late can tell which token it replaces. */
const keptMs = 60_000;

/** A token that was in force, and the fence of its mint. */
interface Force {
  readonly token: AccessToken;
  readonly fence: number;
}

interface Known extends Force {
  readonly lookedUpAtMs: number;
}

interface Reached {
  /** Null: somebody else has it. */
  readonly lock: HeldLock | null;
  readonly found: Force | null;
}

/**
 * A vault for a fleet: one token for each credential in Redis, sealed, minted under a lock whose fence keeps a
 * mint that was overtaken from replacing a newer token. Nobody mints alone before Redis has had seconds to answer:
 * another process may have a token that works. While Redis cannot be used each process goes on with the token it
 * has, and mints only when that one is refused or over; when Redis is back, and has lost the token, the
 * first process to come puts its own there.
 */
export function createRedisTokenStore(options: RedisTokenStoreOptions): TokenStore {
  const { link, clock, issueToken, keysOf } = options;
  const known = new Map<string, Known>();
  const inFlight = new Map<string, Promise<AccessToken>>();
  link.onBack(() => {
    for (const [credential, own] of known) void publish(credential, own);
  });

  function nameOf(credential: string): string {
    return `token:${keysOf(credential).nameOf('token')}`;
  }

  function remember(credential: string, token: AccessToken, fence: number): AccessToken {
    known.set(credential, { token, fence, lookedUpAtMs: clock.now() });
    return token;
  }

  function parse(credential: string, [encryptedToken, fence]: readonly unknown[]) {
    const text =
      typeof encryptedToken === 'string'
        ? keysOf(credential).decrypt(nameOf(credential), encryptedToken)
        : null;
    const token = text === null ? undefined : storedToken.safeParse(JSON.parse(text)).data;
    return token === undefined ? null : { token, fence: Number(fence) };
  }

  function encrypted(credential: string, token: AccessToken): string {
    return keysOf(credential).encrypt(nameOf(credential), JSON.stringify(token));
  }

  const isOver = ({ expiresAtMs }: AccessToken) => expiresAtMs <= clock.now();
  const msLeft = ({ expiresAtMs }: AccessToken) => Math.max(1, expiresAtMs - clock.now() + keptMs);

  /** Tells Redis a token it may have lost; answers the one in force. */
  function publish(credential: string, { token, fence }: Force): Promise<AccessToken> {
    if (isOver(token)) return Promise.resolve(token);
    return link.run(
      async (redis) => {
        const name = nameOf(credential);
        const args = [encrypted(credential, token), fence, msLeft(token), fenceMs] as const;
        const found = parse(
          credential,
          toList(await redis.eval(publishScript, 2, name, fenceName(name), ...args)),
        );
        return found === null ? token : remember(credential, found.token, found.fence);
      },
      () => token,
    );
  }

  /** The token in force for the fleet; that of this process while Redis cannot tell. */
  async function lookUp(credential: string): Promise<AccessToken | null> {
    const own = known.get(credential) ?? null;
    const found = await link.run(
      async (redis) => parse(credential, toList(await redis.eval(lookScript, 1, nameOf(credential)))),
      () => own,
    );
    return newer(credential, found, own);
  }

  async function newer(credential: string, found: Force | null, own: Known | null) {
    if (found !== null && found.fence >= (own?.fence ?? 0))
      return remember(credential, found.token, found.fence);
    return own === null ? null : publish(credential, own);
  }

  /** Tries the lock, and looks up the token in force after that: whoever had the lock before has put it down. */
  function reachForLock(credential: string): Promise<Reached | 'ALONE'> {
    const name = nameOf(credential);
    return link.run<Reached | 'ALONE'>(
      async (redis) => {
        // Sent together, so that a slow Redis is waited for once; it keeps the order.
        const locking = acquireLock(redis, name, lockMs, fenceMs);
        const looking = redis.eval(lookScript, 1, name);
        const [lock, reply] = await Promise.all([locking, looking]);
        return { lock, found: parse(credential, toList(reply)) };
      },
      () => 'ALONE',
      'token',
    );
  }

  async function replaceAnywhere(
    credential: string,
    replaced: AccessToken | null,
    requestToken: RequestToken,
  ): Promise<AccessToken> {
    const inForce = await lookUp(credential);
    if (inForce !== null && isOther(inForce, replaced)) return inForce;
    for (;;) {
      const reached = await reachForLock(credential);
      if (reached === 'ALONE') return issueAlone(credential, requestToken);
      const { lock, found } = reached;
      const own = known.get(credential) ?? null;
      const current = await newer(credential, found, own);
      if (current !== null && isOther(current, replaced)) {
        if (lock !== null) letGo(lock);
        return current;
      }
      // A Redis that has lost its numbers was told ours just now; the next lock has a larger one.
      const isBehind = lock !== null && own !== null && lock.fence <= own.fence && !isOver(own.token);
      if (lock !== null && !isBehind) return replaceUnderLock(credential, requestToken, lock);
      if (lock !== null) letGo(lock);
      await clock.sleep(pollMs);
    }
  }

  async function issueAlone(credential: string, requestToken: RequestToken) {
    const token = await issueToken(credential, requestToken);
    return remember(credential, token, (known.get(credential)?.fence ?? 0) + 1);
  }

  async function replaceUnderLock(
    credential: string,
    requestToken: RequestToken,
    lock: HeldLock,
  ): Promise<AccessToken> {
    const held = new AbortController();
    void keepHolding(lock, held.signal);
    try {
      const token = await issueToken(credential, requestToken);
      const own = { token, fence: lock.fence };
      const inForce = await link.run(
        async (redis) => {
          const args = [encrypted(credential, token), lock.fence, msLeft(token)] as const;
          return parse(credential, toList(await redis.eval(storeScript, 1, nameOf(credential), ...args)));
        },
        () => own,
        'token',
      );
      const { token: stored, fence } = inForce ?? own;
      return remember(credential, stored, fence);
    } finally {
      held.abort();
      letGo(lock);
    }
  }

  async function keepHolding(lock: HeldLock, signal: CancelSignal): Promise<void> {
    for (;;) {
      await clock.sleep(extendEveryMs, signal).catch(() => {});
      if (signal.aborted) return;
      // Not waited for: a slow answer must not delay the next one.
      void link.run(
        (redis) => lock.extend(redis),
        () => {},
        'token',
      );
    }
  }

  function letGo(lock: HeldLock): void {
    void link.run(
      (redis) => lock.release(redis),
      () => {},
      'token',
    );
  }

  return {
    get(credential) {
      const recent = known.get(credential);
      const isRecent = recent !== undefined && Math.abs(clock.now() - recent.lookedUpAtMs) < lookedUpMs;
      return isRecent ? recent.token : lookUp(credential);
    },
    replace(credential, replaced, requestToken) {
      const running = inFlight.get(credential);
      if (running !== undefined) return running;
      const issuing = replaceAnywhere(credential, replaced, requestToken).finally(() =>
        inFlight.delete(credential),
      );
      inFlight.set(credential, issuing);
      return issuing;
    },
  };
}

/** By their text alone: the clocks of two replicas need not agree. */
function isOther(current: AccessToken, replaced: AccessToken | null): boolean {
  return current.text !== replaced?.text;
}

function toList(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}
