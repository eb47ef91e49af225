import { Cancellation } from '../domain/cancellation.ts';
import type { Clock } from '../ports/clock.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadingLookup, ReadingStore, ReadingsReport } from '../ports/reading-store.ts';
import { createReadingRecorder, type HistoryLog } from './recorder.ts';
import { runSample, type Sample } from './sampler.ts';
import { watchProvider } from './watch-provider.ts';

export type { HistoryLog } from './recorder.ts';
export type { Sample } from './sampler.ts';

/** Stores readings of balances as they are made. */
export interface History {
  readonly lookup: ReadingLookup;
  /** Wraps a provider; the balances that it reports are stored. */
  watch(provider: Provider): Provider;
  /** Starts reading the samples; call it once the providers are connected. */
  sample(providers: readonly Provider[]): void;
  report(): ReadingsReport;
  close(): Promise<void>;
}

export interface HistoryOptions {
  readonly url: string;
  readonly days: number;
  readonly samples: readonly Sample[];
  readonly clock: Clock;
  readonly log: HistoryLog;
}

const dayMs = 86_400_000;
const pruneEveryMs = dayMs / 4;

/** Creates the store that a URL names: a SQLite file or PostgreSQL. Loads its driver only when needed. */
export async function openReadingStore(url: string): Promise<ReadingStore> {
  if (url.startsWith('sqlite:')) {
    const { createSqliteStore } = await import('./sqlite-store.ts');
    return createSqliteStore(url.slice('sqlite:'.length));
  }
  const { createPostgresStore } = await import('./postgres-store.ts');
  return createPostgresStore(url);
}

/** Opens the history. A store that cannot be used is logged and tried again; nothing else waits for it. */
export async function openHistory({ url, days, samples, clock, log }: HistoryOptions): Promise<History> {
  const store = await openReadingStore(url);
  const isThere = await store.check().then(
    () => true,
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown';
      log.warn({ reason }, 'Readings of balances cannot be stored yet');
      return false;
    },
  );
  const recorder = createReadingRecorder(store, clock, log, !isThere);
  const ended = new Cancellation();
  const prune = async () => {
    while (!ended.aborted) {
      const nowMs = clock.now();
      await store.removeBefore(nowMs - days * dayMs).catch(() => {});
      await clock.sleep(pruneEveryMs, ended).catch(() => {});
    }
  };
  void prune();
  return {
    lookup: store,
    watch: (provider) => watchProvider(provider, recorder),
    sample(providers) {
      for (const sample of samples) {
        void runSample(sample, { providers, store, clock, log, signal: ended });
      }
    },
    report: recorder.report,
    async close() {
      ended.abort(new Error('The gateway stops.'));
      await recorder.close();
      await store.close();
    },
  };
}
