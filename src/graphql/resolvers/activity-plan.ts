import { isPageNumbered, type SourceGroup, sourceGroupsOf } from '../../data/pagination/source-groups.ts';
import { ceilSecond } from '../../domain/instant.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import { type ActivityArguments, toActivityQuery } from '../input/activity-query.ts';
import { groupsOf } from '../plan/account-group.ts';
import type { CallSite } from '../plan/call-plan.ts';
import { may, type Planning, unlessRefused } from '../plan/planning.ts';
import type { SelectedField } from '../plan/selection.ts';

/**
 * Plans the first page of each source's window. Those pages say how many follow; execution then checks the calls of
 * `activity` again.
 */
export function planActivity(field: SelectedField, _parent: null, planning: Planning): void {
  const { context, calls } = planning;
  const query = unlessRefused(planning, () => toActivityQuery(field.args<ActivityArguments>(), context));
  if (query === null || !may('transactions:read', planning)) return;
  const site: CallSite = { path: field.path, after: [], isCertain: true };
  const { selection, window } = query;
  for (const account of selection.accounts) {
    const lists = sourceGroupsOf({ ...selection, accounts: [account] }, context.providers);
    for (const accounts of groupsOf([account.ref], context.providers)) {
      for (const list of lists.filter(({ exists }) => exists)) {
        const { ledger, feed } = list;
        const because = 'the first page of the window, which tells how many follow';
        const read = JSON.stringify(['window', isPageNumbered(list) ? list.local.query : null, window]);
        calls.add(
          {
            accounts,
            ledger,
            route: feed.pageRoute,
            read,
            ...rangesOf(list, window),
            mostEach: null,
            because,
          },
          site,
        );
      }
    }
  }
}

/** Counts the time ranges that the provider accepts; each needs a first page. */
function rangesOf(list: SourceGroup, { from, to }: TimeSpan): { callsEach: number; leastEach: number } {
  const span = isPageNumbered(list) ? list.feed.spanSecondsMax : null;
  const callsEach = span === null ? 1 : Math.max(1, Math.ceil((ceilSecond(to) - from.second) / span));
  return { callsEach, leastEach: 1 };
}
