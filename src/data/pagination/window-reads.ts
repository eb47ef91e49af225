import type { TimeSpan } from '../../domain/time-buckets.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Provider } from '../../ports/provider.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { newObservedOrder, type ObservedOrder } from './observed-order.ts';
import type { TransactionSelection } from './page.ts';
import { SeenRows } from './seen-rows.ts';
import { type SourceGroup, sourceGroupsOf } from './source-groups.ts';
import { openWindow, type WindowSource } from './window-source.ts';

/** Reads whole windows of transactions, as sums need them: every row once, and proof that none is missing. */
export interface WindowReads {
  /** The sources of a selection, none of them asked yet. The window replaces the selection's own. */
  open(selection: TransactionSelection, window: TimeSpan, context: ReadContext): readonly WindowSource[];
}

/** Creates the window reads of a process. What they learn about a provider's lists they keep. */
export function createWindowReads({
  providers,
  clock,
}: {
  readonly providers: readonly Provider[];
  readonly clock: Clock;
}): WindowReads {
  const byCode = new Map<string, Provider>(providers.map((provider) => [provider.code, provider]));
  const observed = new Map<string, ObservedOrder>();

  const observedOf = ({ account, ledger }: SourceGroup): ObservedOrder => {
    const key = `${account.provider}/${ledger}`;
    const known = observed.get(key) ?? newObservedOrder();
    observed.set(key, known);
    return known;
  };

  return {
    open(selection, window, context) {
      const nowSecond = Math.floor(clock.now() / 1_000);
      const narrowed = { ...selection, createdFrom: window.from, createdTo: window.to };
      return sourceGroupsOf(narrowed, byCode)
        .filter(({ exists }) => exists)
        .map((group) =>
          openWindow(group, window, {
            observed: observedOf(group),
            context,
            nowSecond,
            seen: new SeenRows(),
          }),
        );
    },
  };
}
