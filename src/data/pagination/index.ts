import { Failure } from '../../domain/failure.ts';
import { instantOfMs } from '../../domain/instant.ts';
import type { TimeSpan } from '../../domain/time-buckets.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Provider } from '../../ports/provider.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { assemblePage } from './assemble-page.ts';
import { chooseMode } from './filter-mode.ts';
import type { ReaderDependencies } from './group-reader.ts';
import { newObservedOrder, type ObservedOrder } from './observed-order.ts';
import { type PageArguments, pageFrom, type TransactionPage, type TransactionSelection } from './page.ts';
import { type PageTask, readPage } from './read-page.ts';
import { SeenRows } from './seen-rows.ts';
import type { CursorSigner } from './signed-cursor.ts';
import { type SourceGroup, sourceGroupsOf } from './source-groups.ts';
import { type FilterMode, type TransactionCursor, TransactionCursorCodec } from './transaction-cursor.ts';
import { openStream, type TransactionStream } from './transaction-stream.ts';
import { openWindow, type WindowSource } from './window-source.ts';

/** Reads pages of transactions over any accounts and ledgers, newest first, with cursors that stay valid. */
export interface TransactionPaginator {
  /**
   * One page. Rejects with a `Failure`: `CURSOR_INVALID` or `CURSOR_FILTER_CHANGED`. Sources that fail are
   * named in the page, even if all of them do.
   */
  page(
    selection: TransactionSelection,
    pageArguments: PageArguments,
    context: ReadContext,
  ): Promise<TransactionPage>;
}

/** Reads lists of transactions from one end to the other, newest first. */
export interface TransactionStreams {
  /** The rows after `cursor`, or all where it is null or empty. Rejects with `CURSOR_INVALID` or `CURSOR_FILTER_CHANGED`. */
  stream(
    selection: TransactionSelection,
    cursor: string | null,
    context: ReadContext,
  ): Promise<TransactionStream>;
}

/** Reads whole windows of transactions for sums: every row once, with proof that none is missing. */
export interface TransactionWindows {
  /** The sources of a selection, before any read. The window replaces the selection's own. */
  windows(selection: TransactionSelection, window: TimeSpan, context: ReadContext): readonly WindowSource[];
}

/** Every way to read lists of transactions. */
export type TransactionLists = TransactionPaginator & TransactionStreams & TransactionWindows;

export interface PaginatorDependencies {
  readonly providers: readonly Provider[];
  readonly signer: CursorSigner;
  readonly clock: Clock;
}

/**
 * Creates the paginator of a process. It remembers what it learns about upstream lists for later requests.
 */
export function createTransactionPaginator({
  providers,
  signer,
  clock,
}: PaginatorDependencies): TransactionLists {
  const byCode = new Map<string, Provider>(providers.map((provider) => [provider.code, provider]));
  const observed = new Map<string, ObservedOrder>();

  const observedOf = ({ account, ledger }: SourceGroup): ObservedOrder => {
    const key = `${account.provider}/${ledger}`;
    const known = observed.get(key) ?? newObservedOrder();
    observed.set(key, known);
    return known;
  };
  const dependenciesFor = (group: SourceGroup, context: ReadContext, nowMs: number): ReaderDependencies => ({
    observed: observedOf(group),
    context,
    nowSecond: Math.floor(nowMs / 1_000),
    seen: new SeenRows(),
  });

  async function toTask(
    selection: TransactionSelection,
    pageArguments: PageArguments,
    context: ReadContext,
  ): Promise<PageTask> {
    const groups = sourceGroupsOf(selection, byCode);
    const codec = new TransactionCursorCodec(signer, selection, groups.length);
    const forward = pageArguments.direction === 'forward';
    const cursor = decodeCursor(codec, pageArguments.cursor, forward ? 'after' : 'before');
    const until = decodeCursor(codec, pageArguments.until, forward ? 'before' : 'after');
    const nowMs = clock.now();
    const dependencies = new Map(groups.map((group) => [group, dependenciesFor(group, context, nowMs)]));
    const dependenciesOf = (group: SourceGroup) => dependencies.get(group) as ReaderDependencies;
    const bounded = cursor ?? until;
    const chosen = bounded?.mode ?? chooseMode(groups, selection, pageArguments, dependenciesOf);
    const mode: FilterMode = typeof chosen === 'string' ? chosen : await chosen;
    return {
      frame: {
        groups,
        mode,
        window: {
          snapshotBound: bounded?.snapshotBound ?? null,
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
  }

  return {
    async page(selection, pageArguments, context) {
      const task = await toTask(selection, pageArguments, context);
      return assemblePage(task, await readPage(task));
    },
    async stream(selection, cursor, context) {
      return openStream(await toTask(selection, pageFrom(cursor, streamPageSize), context));
    },
    windows(selection, window, context) {
      const nowMs = clock.now();
      const narrowed = { ...selection, createdFrom: window.from, createdTo: window.to };
      return sourceGroupsOf(narrowed, byCode)
        .filter(({ exists }) => exists)
        .map((group) => openWindow(group, window, dependenciesFor(group, context, nowMs)));
    },
  };
}

/** Rows to read to decide how to apply a filter. */
const streamPageSize = 100;

/** Relay's empty cursor opens the list at its start, as no cursor does. */
function decodeCursor(
  codec: TransactionCursorCodec,
  text: string | null,
  argumentName: 'after' | 'before',
): TransactionCursor | null {
  if (text === null || text === '') return null;
  try {
    return codec.decode(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `Argument "${argumentName}": ${error.message}`, error.details);
  }
}
