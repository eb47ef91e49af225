import type { AccountRef, Balance } from '../domain/model.ts';
import type { BalanceRepository, Provider } from '../ports/provider.ts';
import type { Reading } from '../ports/upstream.ts';
import type { ReadingRecorder } from './recorder.ts';

/** Wraps a provider, and records the balances that it reports. */
export function watchProvider<Watched extends Provider>(
  provider: Watched,
  recorder: ReadingRecorder,
): Watched {
  const balances = new Map(
    Array.from(provider.balances, ([ledger, repository]) => [
      ledger,
      watchRepository(repository, provider, recorder),
    ]),
  );
  return { ...provider, balances };
}

function watchRepository(
  repository: BalanceRepository,
  { environment }: Provider,
  recorder: ReadingRecorder,
): BalanceRepository {
  const { credential, ledger, list, one } = repository;
  if (credential === undefined) return repository;

  function note(account: AccountRef, balance: Balance, { asOfMs, staleBecause }: Reading<unknown>): void {
    if (staleBecause !== null) return;
    const { currency, distinguishingId } = balance;
    recorder.note(
      { environment, credential: credential as string, account, ledger, currency, distinguishingId },
      balance,
      asOfMs,
    );
  }

  return {
    ...repository,
    async *list(account, context) {
      for await (const page of list(account, context)) {
        for (const balance of page.value.rows) note(account, balance, page);
        yield page;
      }
    },
    ...(one && {
      async one(account, currency, context) {
        const reading = await one(account, currency, context);
        if (reading.value !== null && reading.value !== 'UNSURE') note(account, reading.value, reading);
        return reading;
      },
    }),
  };
}
