import type { Clock } from '../ports/clock.ts';
import type { ReadContext, UpstreamRead } from '../ports/upstream.ts';
import { isFresh, type Lifetimes } from './freshness.ts';
import type { Party } from './in-flight-reads.ts';
import type { Remembered, SharedMemory } from './read-cache.ts';

/** A read that another replica has made, or leave to make it; null where nobody else reads. */
export type Turn = { readonly found: Remembered } | { end(made: Remembered | null): void } | null;

/** Keeps replicas from making the same read at the same time. */
export interface FleetReads {
  /** What the fleet remembers of a read, however old. */
  find(read: UpstreamRead<unknown>, key: string): Promise<Remembered | null>;
  /** Waits for this replica's turn. `end` puts down what was read, or that nothing was. */
  takeTurn(
    read: UpstreamRead<unknown>,
    key: string,
    context: ReadContext,
    party: Party,
  ): null | Promise<Turn>;
}

export interface FleetReadsOptions {
  readonly clock: Clock;
  readonly lifetimes: Lifetimes;
  /** Absent: there is no fleet, and every turn comes at once. */
  readonly sharedMemory: SharedMemory | undefined;
}

/** Longest wait for another replica's read. */
const waitMsMax = 3_000;
/** Left of the caller's time for a read of our own. */
const ownReadMs = 1_000;

const alone: FleetReads = { find: async () => null, takeTurn: () => null };

export function createFleetReads({ clock, lifetimes, sharedMemory: shared }: FleetReadsOptions): FleetReads {
  if (shared === undefined) return alone;
  const keptSeconds = ({ kind }: UpstreamRead<unknown>) =>
    Math.max(lifetimes.maxAgeSeconds[kind], lifetimes.staleMaxAgeSeconds);

  return {
    async find(read, key) {
      if (keptSeconds(read) === 0) return null;
      return shared.get(read.identity.credential, key);
    },
    async takeTurn(read, key, context, party) {
      if (keptSeconds(read) === 0) return null;
      const { credential } = read.identity;
      const lifetimeSeconds = lifetimes.maxAgeSeconds[read.kind];
      let release = async () => {};
      const insists = context.maxAgeSeconds === 0 || context.freshFromMs !== undefined;
      if (lifetimeSeconds > 0 && !insists) {
        const nowMs = clock.now();
        const known = await shared.get(credential, key);
        if (known !== null && isFresh(known.asOfMs, lifetimeSeconds, context, nowMs)) return { found: known };
        const ageMsMax = 1_000 * Math.min(lifetimeSeconds, context.maxAgeSeconds ?? lifetimeSeconds);
        const untilMs = Math.min(nowMs + waitMsMax, party.deadlineMs - ownReadMs);
        const turn = await shared.takeTurn(credential, key, nowMs - ageMsMax, untilMs);
        if (typeof turn !== 'function') return { found: turn };
        release = turn;
      }
      return {
        end(made) {
          void (async () => {
            if (made !== null) {
              const { value, asOfMs } = made;
              await shared.set(credential, key, { value, asOfMs }, keptSeconds(read) * 1_000);
            }
            await release();
          })();
        },
      };
    },
  };
}
