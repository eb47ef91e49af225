import { Failure } from '../../domain/failure.ts';
import { instantOfMs } from '../../domain/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Provider } from '../../ports/provider.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { assemblePage } from './assemble-page.ts';
import { chooseMode } from './filter-mode.ts';
import type { PageArguments, TransactionPage, TransactionSelection } from './page.ts';
import { type PageTask, readPage } from './read-page.ts';
import type { CursorSeal } from './signed-cursor.ts';
import { planGroups, type WalkGroup } from './source-groups.ts';
import { type WalkCursor, WalkCursorCodec, type WalkMode } from './transaction-cursor.ts';
import { type ListHabits, newHabits } from './upstream-list.ts';

/** Reads pages of transactions over any accounts and ledgers, newest first, with cursors that hold still. */
export interface TransactionWalker {
  /**
   * One page. Rejects with a `Failure`: `CURSOR_INVALID` or `CURSOR_FILTER_CHANGED`. Sources that fail are named in
   * the page, also when all of them do.
   */
  page(
    selection: TransactionSelection,
    pageArguments: PageArguments,
    context: ReadContext,
  ): Promise<TransactionPage>;
}

/** What a walker needs. */
export interface WalkerDependencies {
  readonly providers: readonly Provider[];
  readonly seal: CursorSeal;
  readonly clock: Clock;
}

/** Creates the walker of a process. What it learns about an upstream's lists it keeps for later walks. */
export function createTransactionWalker({ providers, seal, clock }: WalkerDependencies): TransactionWalker {
  const byCode = new Map<string, Provider>(providers.map((provider) => [provider.code, provider]));
  const habits = new Map<string, ListHabits>();

  const habitsOf = ({ account, ledger }: WalkGroup): ListHabits => {
    const key = `${account.provider}/${ledger}`;
    const known = habits.get(key) ?? newHabits();
    habits.set(key, known);
    return known;
  };

  return {
    async page(selection, pageArguments, context) {
      const groups = planGroups(selection, byCode);
      const codec = new WalkCursorCodec(seal, selection, groups.length);
      const forward = pageArguments.direction === 'forward';
      const cursor = decodeCursor(codec, pageArguments.cursor, forward ? 'after' : 'before');
      const until = decodeCursor(codec, pageArguments.until, forward ? 'before' : 'after');
      const nowMs = clock.now();
      const firstRows = new Map(groups.map((group) => [group, new Map<string, string>()]));
      const dependenciesOf = (group: WalkGroup) => ({
        firstRows: firstRows.get(group) ?? new Map<string, string>(),
        habits: habitsOf(group),
        context,
        nowSecond: Math.floor(nowMs / 1000),
      });
      const pinned = cursor ?? until;
      const chosen = pinned?.mode ?? chooseMode(groups, selection, pageArguments, dependenciesOf);
      const mode: WalkMode = typeof chosen === 'string' ? chosen : await chosen;
      const task: PageTask = {
        frame: {
          groups,
          mode,
          window: {
            pin: pinned?.pin ?? null,
            createdFrom: selection.createdFrom,
            createdTo: selection.createdTo,
          },
          dependenciesOf,
        },
        codec,
        cursor,
        until,
        pageArguments,
        readAt: instantOfMs(nowMs),
      };
      return assemblePage(task, await readPage(task));
    },
  };
}

/** Relay's empty cursor opens the list at its start, as no cursor does. */
function decodeCursor(
  codec: WalkCursorCodec,
  text: string | null,
  argumentName: 'after' | 'before',
): WalkCursor | null {
  if (text === null || text === '') return null;
  try {
    return codec.decode(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `Argument "${argumentName}": ${error.message}`, error.details);
  }
}
