import type { Failure } from '../domain/failure.ts';
import { type Instant, instantOfMs } from '../domain/instant.ts';
import type { AccountRef } from '../domain/model.ts';
import type { Ledger, ProviderCode } from '../domain/vocabulary.ts';
import type { SourceOutcome } from './pagination/page.ts';
import type { WholeList } from './shared-pages.ts';

/** The outcome of reading one list to its end. */
export function toOutcome(
  account: AccountRef,
  ledger: Ledger | null,
  list: WholeList<unknown>,
): SourceOutcome {
  const { provider, providerAccountId } = account;
  const { failure } = list;
  const source = { provider, ledger, providerAccountId };
  if (failure !== null) return { ...source, state: list.pages.length > 0 ? 'PARTIAL' : 'FAILED', failure };
  const staleBecause = list.pages.find((page) => page.staleBecause !== null)?.staleBecause ?? null;
  return { ...source, state: staleBecause === null ? 'OK' : 'STALE', failure: staleBecause };
}

/** Whether nothing could be read. False for a list without sources: it is empty, not failed. */
export function isAllFailed(sources: readonly SourceOutcome[]): boolean {
  return sources.length > 0 && sources.every((source) => source.state === 'FAILED');
}

/** Failures of the sources that could not be read to their end; each names its provider and ledger. */
export function failuresOf(sources: readonly SourceOutcome[]): readonly Failure[] {
  return sources.flatMap(({ provider, ledger, state, failure }) =>
    failure !== null && (state === 'FAILED' || state === 'PARTIAL')
      ? [located(failure, provider, ledger)]
      : [],
  );
}

/** The failure with its provider and ledger, which are added if missing. */
export function located(failure: Failure, provider: ProviderCode, ledger: Ledger | null): Failure {
  return failure.at(ledger === null ? { provider } : { provider, ledger });
}

/** Whether every source was read to its end. */
export function isWhole(sources: readonly SourceOutcome[]): boolean {
  return sources.every(({ state }) => state === 'OK' || state === 'STALE');
}

/** The time of the oldest read; `nowMs` if nothing had to be read. */
export function oldestOf(readMs: readonly number[], nowMs: number): Instant {
  return instantOfMs(readMs.reduce((oldest, ms) => Math.min(oldest, ms), nowMs));
}
