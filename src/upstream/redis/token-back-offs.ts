import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';
import { providerCodes } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports/clock.ts';
import { MintRest } from '../../ports/token-store.ts';
import type { MintRests } from '../index.ts';
import type { VaultKeys } from './encryption-keys.ts';
import type { RedisLink } from './redis-link.ts';

export interface RedisMintRestsOptions {
  readonly link: RedisLink;
  readonly clock: Clock;
  readonly keysOf: (credential: string) => VaultKeys;
}

/** What a mint can fail with: a sentence and a status of ours, nothing of the provider's reply. */
const storedRest = z.strictObject({
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
export function createRedisMintRests({ link, clock, keysOf }: RedisMintRestsOptions): MintRests {
  const known = new Map<string, MintRest>();
  link.onBack(() => {
    for (const [credential, rest] of known) if (isOn(rest)) void publish(credential, rest);
  });

  const isOn = ({ untilMs }: MintRest) => clock.now() < untilMs;
  const nameOf = (credential: string) => `rest:${keysOf(credential).nameOf('rest')}`;
  const msKept = ({ untilMs }: MintRest) => Math.max(1, untilMs - clock.now()) + keptMs;

  function sealed(credential: string, { code, message, details, untilMs, refusals }: MintRest): string {
    const text = JSON.stringify({ code, message, details, untilMs, refusals });
    return keysOf(credential).seal(nameOf(credential), text);
  }

  function parse(credential: string, stored: string): MintRest | null {
    const text = keysOf(credential).open(nameOf(credential), stored);
    const rest = text === null ? undefined : storedRest.safeParse(JSON.parse(text)).data;
    if (rest === undefined) return null;
    const failure = new Failure(rest.code, rest.message, rest.details);
    return new MintRest(failure, rest.untilMs, rest.refusals);
  }

  function publish(credential: string, rest: MintRest): Promise<unknown> {
    return link.run(
      (redis) => redis.set(nameOf(credential), sealed(credential, rest), 'PX', msKept(rest), 'NX'),
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
    async begin(credential, rest) {
      known.set(credential, rest);
      await link.run(
        async (redis) => {
          await redis.set(nameOf(credential), sealed(credential, rest), 'PX', msKept(rest));
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
