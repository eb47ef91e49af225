import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';
import { providerCodes } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports/clock.ts';
import { TokenBackOff } from '../../ports/token-store.ts';
import type { TokenBackOffs } from '../index.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisTokenBackOffsOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly keysOf: (credential: string) => EncryptionKeys;
}

/** The stored failure of a token request: the gateway's own message and details, nothing of the provider's reply. */
const storedBackOff = z.strictObject({
  code: z.enum([
    'UPSTREAM_AUTH',
    'UPSTREAM_FORBIDDEN',
    'UPSTREAM_RATE_LIMITED',
    'UPSTREAM_TIMEOUT',
    'UPSTREAM_UNAVAILABLE',
    'UPSTREAM_REJECTED',
    'UPSTREAM_SHAPE',
  ]),
  message: z.string(),
  details: z.object({
    provider: z.enum(providerCodes).exactOptional(),
    upstreamStatus: z.int().exactOptional(),
    retryable: z.boolean().exactOptional(),
  }),
  untilMs: z.number(),
  refusals: z.int(),
});

/** Longer values are cut off here, and then fail to decrypt. */
const encryptedCharactersMax = 65_536;

/** Kept this long after the back-off ends, so that the next refusal counts as a further one. */
const keptAfterEndMs = 24 * 3_600_000;

/**
 * Keeps the back-offs of all replicas in Redis, encrypted: after one replica was refused, none of them tries. While
 * Redis is unavailable each process observes the back-offs it knows. When Redis is available again, the process stores
 * them, unless there is one already.
 */
export function createRedisTokenBackOffs({ link, clock, keysOf }: RedisTokenBackOffsOptions): TokenBackOffs {
  const known = new Map<string, TokenBackOff>();
  link.onAvailable(() => {
    for (const [credential, backOff] of known) if (isActive(backOff)) void publish(credential, backOff);
  });

  const isActive = ({ untilMs }: TokenBackOff) => clock.now() < untilMs;
  // `rest` is the stored name since 0.1.0.
  const nameOf = (credential: string) => `rest:${keysOf(credential).nameOf('rest')}`;
  const ttlMs = ({ untilMs }: TokenBackOff) => Math.max(1, untilMs - clock.now()) + keptAfterEndMs;

  function encrypted(
    credential: string,
    { code, message, details, untilMs, refusals }: TokenBackOff,
  ): string {
    const text = JSON.stringify({ code, message, details, untilMs, refusals });
    return keysOf(credential).encrypt(nameOf(credential), text);
  }

  function parse(credential: string, stored: string): TokenBackOff | null {
    const text = keysOf(credential).decrypt(nameOf(credential), stored);
    const backOff = text === null ? undefined : storedBackOff.safeParse(JSON.parse(text)).data;
    if (backOff === undefined) return null;
    const failure = new Failure(backOff.code, backOff.message, backOff.details);
    return new TokenBackOff(failure, backOff.untilMs, backOff.refusals);
  }

  function publish(credential: string, backOff: TokenBackOff): Promise<unknown> {
    return link.run(
      (redis) => redis.set(nameOf(credential), encrypted(credential, backOff), 'PX', ttlMs(backOff), 'NX'),
      () => null,
    );
  }

  return {
    async get(credential) {
      const own = known.get(credential) ?? null;
      if (own !== null && isActive(own)) return own;
      const found = await link.run(
        async (redis) =>
          parse(credential, await redis.getrange(nameOf(credential), 0, encryptedCharactersMax)),
        () => null,
      );
      if (found === null) return own;
      known.set(credential, found);
      return found;
    },
    async begin(credential, backOff) {
      known.set(credential, backOff);
      await link.run(
        async (redis) => {
          await redis.set(nameOf(credential), encrypted(credential, backOff), 'PX', ttlMs(backOff));
        },
        () => {},
      );
    },
    async end(credential) {
      known.delete(credential);
      await link.run(
        async (redis) => {
          await redis.del(nameOf(credential));
        },
        () => {},
      );
    },
  };
}
