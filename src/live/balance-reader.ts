import type { WantedLedger } from '../data/balances/balance-sources.ts';
import { toReadBalance } from '../data/balances/balances.ts';
import { readWhole, sharePages } from '../data/shared-pages.ts';
import { toOutcome } from '../data/sources.ts';
import type { Clock } from '../ports/clock.ts';
import type { BalanceRepository } from '../ports/provider.ts';
import type { ListReader } from './polled-list.ts';
import { type BalanceSnapshot, isNotFound, isUnchangedBalances } from './snapshot.ts';

/** Reads the balances of an account in a ledger. */
export function createBalanceReader(
  { account, ledger }: WantedLedger,
  repository: BalanceRepository,
  clock: Clock,
): ListReader<BalanceSnapshot> {
  return {
    isUnchanged: isUnchangedBalances,
    async read(context, before, isNotified) {
      const beganMs = clock.now();
      const list = await readWhole(sharePages(() => repository.list(account.ref, context)));
      const outcome = toOutcome(account.ref, ledger, list);
      const rows = list.pages.flatMap((page) =>
        page.value.rows.map((row) => toReadBalance(row, page.asOfMs)),
      );
      return {
        ...{ source: { account, list, outcome }, state: outcome.state, isMissing: isNotFound(outcome) },
        ...{ isNotified, nextPollAtMs: null },
        callCount: list.pages.length,
        // A list that could not be read to its end keeps the rows of the snapshot before.
        rows: list.failure === null ? rows : (before?.rows ?? rows),
        asOfMs: list.pages.reduce((oldest, page) => Math.min(oldest, page.asOfMs), beganMs),
      };
    },
  };
}
