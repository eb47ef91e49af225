import { type AccountGrant, mayRead } from '../domain/caller.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import { Failure } from '../domain/failure.ts';
import type { AccountRef } from '../domain/model.ts';
import type { Ledger } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { Provider } from '../ports/provider.ts';
import type { ReadingStore } from '../ports/reading-store.ts';
import type { ReadContext } from '../ports/upstream.ts';
import type { HistoryLog } from './recorder.ts';

/** Balances that are read at an interval, whether or not a caller asks for them. */
export interface Sample {
  /** Its text in the configuration; identifies the task among the replicas. */
  readonly text: string;
  readonly accounts: AccountGrant;
  /** Null for all ledgers that have balances. */
  readonly ledgers: readonly Ledger[] | null;
  readonly everyMs: number;
}

export interface SamplerParts {
  readonly providers: readonly Provider[];
  readonly store: ReadingStore;
  readonly clock: Clock;
  readonly log: HistoryLog;
  readonly signal: CancelSignal;
}

/** The caller in the fair queue of the call budget. */
const callerId = 'history:sample';

/** Reads the balances of a sample at its interval, on one replica at a time, until the signal aborts. */
export async function runSample(sample: Sample, parts: SamplerParts): Promise<void> {
  const { store, clock, log, signal } = parts;
  while (!signal.aborted) {
    const startedAtMs = clock.now();
    let nextAtMs = startedAtMs + sample.everyMs;
    try {
      const takenUntilMs = await store.lead(sample.text, startedAtMs, nextAtMs);
      if (takenUntilMs === null) await readSample(sample, nextAtMs, parts);
      // The replica that holds the task may have stopped by then.
      else nextAtMs = Math.min(nextAtMs, takenUntilMs);
    } catch (error) {
      if (signal.aborted) return;
      const reason = error instanceof Error ? error.message : 'unknown';
      log.warn({ sample: sample.text, reason }, 'Balances could not be sampled');
    }
    await clock.sleep(Math.max(1, nextAtMs - clock.now()), signal).catch(() => {});
  }
}

async function readSample(sample: Sample, untilMs: number, parts: SamplerParts): Promise<void> {
  const { accounts, ledgers } = sample;
  const { providers, signal } = parts;
  const context: ReadContext = {
    ...{ signal, callerId, maxAgeSeconds: null, meter: { calls: 0 }, readings: new Map() },
  };
  let failure: Failure | null = null;
  let leadsUntilMs = untilMs;
  for (const provider of providers) {
    if (accounts.provider !== null && accounts.provider !== provider.code) continue;
    for await (const account of accountsOf(provider, accounts, context)) {
      const extendedMs = await extendLead(sample, leadsUntilMs, parts);
      if (extendedMs === null) return;
      leadsUntilMs = extendedMs;
      for (const [ledger, repository] of provider.balances) {
        if (ledgers?.includes(ledger) === false) continue;
        try {
          // The wrapped provider records what is read.
          for await (const page of repository.list(account, context)) if (!page.value.hasMore) break;
        } catch (error) {
          if (!(error instanceof Failure) || signal.aborted) throw error;
          // Not every account has every ledger.
          if (error.code !== 'ACCOUNT_NOT_FOUND') failure ??= error;
        }
      }
    }
  }
  if (failure !== null) throw failure;
}

/**
 * Extends the term while a reading takes about as long as the interval. Resolves with its end; null if another
 * replica holds the task.
 */
async function extendLead(
  { text, everyMs }: Sample,
  untilMs: number,
  { store, clock }: SamplerParts,
): Promise<number | null> {
  const nowMs = clock.now();
  if (untilMs - nowMs > everyMs / 4) return untilMs;
  const laterMs = nowMs + everyMs / 2;
  return (await store.lead(text, untilMs, laterMs)) === null ? laterMs : null;
}

async function* accountsOf(
  provider: Provider,
  grant: AccountGrant,
  context: ReadContext,
): AsyncGenerator<AccountRef> {
  const master = { provider: provider.code, providerAccountId: null };
  if (grant.account !== 'ALL') {
    yield grant.account;
    return;
  }
  if (mayRead([grant], master)) yield master;
  for await (const page of provider.accounts.connected(context)) {
    for (const { ref } of page.value.rows) yield ref;
  }
}
