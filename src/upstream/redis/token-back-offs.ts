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

/** What a mint can fail with: a sentence and a status of ours, nothing of the provider's reply. */
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

/** Of more the rest is not read, and what is read does not open. */
const sealedCharactersMax = 65_536;

/** Kept beyond its end, so that the next refusal counts as a further one. */
const keptMs = 24 * 3_600_000;

/**
 * The rests of a fleet in Redis, sealed: what one replica was refused, none of them tries. While Redis cannot be
 * used each process keeps to those it knows; when it is back, they are put there unless others are.
 */
export function createRedisTokenBackOffs({ link, clock, keysOf }: RedisTokenBackOffsOptions): TokenBackOffs {
  const known = new Map<string, TokenBackOff>();
  link.onBack(() => {
    for (const [credential, backOff] of known) if (isOn(backOff)) void publish(credential, backOff);
  });

  const isOn = ({ untilMs }: TokenBackOff) => clock.now() < untilMs;
  const nameOf = (credential: string) => `rest:${keysOf(credential).nameOf('rest')}`;
  const msKept = ({ untilMs }: TokenBackOff) => Math.max(1, untilMs - clock.now()) + keptMs;

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
      (redis) => redis.set(nameOf(credential), encrypted(credential, backOff), 'PX', msKept(backOff), 'NX'),
      () => null,
    );
  }

  return {
    async get(credential) {
      const own = known.get(credential) ?? null;
      if (own !== null && isOn(own)) return own;
      const found = await link.run(
        async (redis) => parse(credential, await redis.getrange(nameOf(credential), 0, sealedCharactersMax)),
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
          await redis.set(nameOf(credential), encrypted(credential, backOff), 'PX', msKept(backOff));
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
