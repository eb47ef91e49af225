import type { WantedLedger } from '../data/balance-sources.ts';
import { toReadBalance } from '../data/balances.ts';
import { readWhole, sharePages } from '../data/shared-pages.ts';
import { toOutcome } from '../data/sources.ts';
import type { Clock } from '../ports/clock.ts';
import type { BalanceRepository } from '../ports/provider.ts';
import type { BalanceLook } from './look.ts';
import type { ListReader } from './shared-reading.ts';

/** Reads the balances of an account in a ledger. */
export function createBalanceReader(
  { account, ledger }: WantedLedger,
  repository: BalanceRepository,
  clock: Clock,
): ListReader<BalanceLook> {
  return {
    async read(context, before, isTold) {
      const beganMs = clock.now();
      const list = await readWhole(sharePages(() => repository.list(account.ref, context)));
      const outcome = toOutcome(account.ref, ledger, list);
      const rows = list.pages.flatMap((page) =>
        page.value.rows.map((row) => toReadBalance(row, page.asOfMs)),
      );
      return {
        ...{ source: { account, list, outcome }, state: outcome.state, isTold, againAtMs: null },
        callCount: list.pages.length,
        // What a look could not read to its end is as it was known.
        rows: list.failure === null ? rows : (before?.rows ?? rows),
        asOfMs: list.pages.reduce((oldest, page) => Math.min(oldest, page.asOfMs), beganMs),
      };
    },
  };
}
