import { expect } from '@jest/globals';
import { createTransactionPaginator } from '../../src/data/pagination/index.ts';
import { createCursorSigner } from '../../src/data/pagination/signed-cursor.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { Provider } from '../../src/ports/provider.ts';
import { aReadContext } from '../support/read-context.ts';
import { first, selectionOf } from '../support/walks.ts';
import { masterOf } from './cases.ts';

/** The lists of a provider that are read page by page. */
export type ListName = 'accounts' | 'balances' | 'transactions';

/** Undocumented behaviours of lists, each observed at a provider or at a server of sample data. */
export const listBehaviours = [
  ['LIST-001', 'none'],
  ['LIST-002', 'counts of the page'],
  ['LIST-003', 'no counts'],
  ['LIST-004', 'smaller pages than asked for'],
  ['LIST-005', 'the first page for every page'],
  ['LIST-006', 'an empty page before the last'],
  ['LIST-007', 'empty pages without end'],
  ['LIST-008', 'pages cut from different orders'],
  ['LIST-009', 'the last page again past the end'],
  ['LIST-010', 'the documented sample for every page'],
] as const;

export type ListBehaviour = (typeof listBehaviours)[number][1];

/** A provider whose lists a test can fill and give a behaviour. */
export interface ListSubject {
  readonly provider: Provider;
  /** Fills a list with this many rows. */
  fill(list: ListName, rowCount: number): void;
  /** False if the provider's lists cannot have the behaviour. */
  adopt(behaviour: ListBehaviour): boolean;
  dataCallCount(): number;
  close(): Promise<void>;
}

/** More calls than this for 130 rows mean that the end was not found. */
const callsMax = 60;

/** A list is whole, or an error says that it is not; it never ends early or continues forever. */
export async function expectWholeOrRefused(subject: ListSubject, list: ListName, rowCount: number) {
  const { provider } = subject;
  const keys = await readKeys(provider, list).catch((error: unknown) => error);
  expect(subject.dataCallCount()).toBeLessThanOrEqual(callsMax);
  if (keys instanceof Failure) {
    expect(keys.code).toBe('UPSTREAM_SHAPE');
    return 'refused';
  }
  if (!Array.isArray(keys)) throw keys;
  expect(keys).toHaveLength(rowCount);
  expect(new Set(keys).size).toBe(rowCount);
  return 'whole';
}

async function readKeys(provider: Provider, list: ListName): Promise<string[]> {
  const context = aReadContext({ maxAgeSeconds: 0 });
  const keys: string[] = [];
  if (list === 'accounts') {
    for await (const { value } of provider.accounts.connected(context))
      keys.push(...value.rows.map((row) => row.providerAccountId));
    return keys;
  }
  if (list === 'balances') {
    const repository = provider.balances.get(provider.ledgers[0] ?? 'BANKING');
    if (repository === undefined) throw new Error('the first ledger has no balances');
    for await (const { value } of repository.list(masterOf(provider), context))
      keys.push(...value.rows.map((row) => `${row.currency} ${row.distinguishingId}`));
    return keys;
  }
  const paginator = createTransactionPaginator({
    providers: [provider],
    signer: createCursorSigner(Buffer.from('a secret of the tests only')),
    clock: { now: () => Date.UTC(2027, 5, 1), sleep: () => Promise.resolve() },
  });
  const selection = selectionOf({ accounts: [{ ref: masterOf(provider), ledgers: [...provider.ledgers] }] });
  for (let cursor: string | null = null; ; ) {
    const page = await paginator.page(
      { ...selection, ledgers: provider.ledgers.slice(0, 1) },
      first(50, cursor),
      context,
    );
    for (const { failure } of page.sources) if (failure !== null) throw failure;
    keys.push(...page.rows.map((row) => row.providerTransactionId));
    if (!(await page.hasNextPage())) return keys;
    cursor = page.cursorOf(page.rows.length - 1);
  }
}
