import type { TransactionLists } from '../data/pagination/index.ts';
import type { CursorSigner } from '../data/pagination/signed-cursor.ts';
import { type Caller, mayReadOf } from '../domain/caller.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExportRequest } from '../ports/export.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadingLookup } from '../ports/reading-store.ts';
import type { ReadContext, Reading } from '../ports/upstream.ts';

/** What exports are read with. */
export interface ExportPorts {
  readonly providers: readonly Provider[];
  readonly paginator: TransactionLists;
  /** Stored readings of balances; null if none are stored. */
  readonly readings: ReadingLookup | null;
  readonly signer: CursorSigner;
  readonly clock: Clock;
}

/** The caller, and the providers that it may read. */
export function scopeOf(viewer: Caller, { providers, clock }: ExportPorts) {
  const readable = providers.filter(({ code }) => mayReadOf(viewer.grants, code));
  return {
    viewer,
    providers: new Map(readable.map((provider) => [provider.code, provider])),
    now: () => clock.now(),
  };
}

/** Neither the time limit of an answer nor its number of calls applies: the call budget sets the pace. */
export function toReadContext({ caller, signal }: Pick<ExportRequest, 'caller' | 'signal'>): ReadContext {
  return {
    signal,
    callerId: caller.subject,
    maxAgeSeconds: null,
    meter: { calls: 0 },
    readings: new RecentReadings(),
  };
}

/** Only reads that are in progress or were just made: those of a whole export would keep all of it in memory. */
class RecentReadings extends Map<string, Promise<Reading<unknown>>> {
  override set(key: string, reading: Promise<Reading<unknown>>): this {
    super.set(key, reading);
    if (this.size > readingsMax) {
      for (const oldest of this.keys()) {
        this.delete(oldest);
        break;
      }
    }
    return this;
  }
}

const readingsMax = 64;
