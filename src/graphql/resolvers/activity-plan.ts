import { isPageNumbered, type SourceGroup, sourceGroupsOf } from '../../data/pagination/source-groups.ts';
import { ceilSecond } from '../../domain/instant.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import { type ActivityArguments, toActivityQuestion } from '../activity-question.ts';
import { groupsOf } from '../plan/account-group.ts';
import type { Place } from '../plan/call-plan.ts';
import { may, type Planning, unlessRefused } from '../plan/planning.ts';
import type { SelectedField } from '../plan/selection.ts';

/** The first pages of each source's window. How many follow they tell, and activity is held to its calls then. */
export function planActivity(field: SelectedField, _parent: null, planning: Planning): void {
  const { context, calls } = planning;
  const question = unlessRefused(planning, () =>
    toActivityQuestion(field.args<ActivityArguments>(), context),
  );
  if (question === null || !may('transactions:read', planning)) return;
  const place: Place = { path: field.path, after: [], isCertain: true };
  const { selection, window } = question;
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
          place,
        );
      }
    }
  }
}

/** Time ranges that the provider takes: each has a first page. */
function rangesOf(list: SourceGroup, { from, to }: TimeSpan): { callsEach: number; leastEach: number } {
  const span = isPageNumbered(list) ? list.feed.spanSecondsMax : null;
  const callsEach = span === null ? 1 : Math.max(1, Math.ceil((ceilSecond(to) - from.second) / span));
  return { callsEach, leastEach: 1 };
}
