import { describe, expect, test } from '@jest/globals';
import type { Transaction } from '../../../../src/domain/model.ts';
import fc from '../../../support/fast-check.ts';
import { type MovingRecord, walkHostilely } from '../../../support/hostile-walk.ts';
import { MovingList, makeRow } from '../../../support/moving-list.ts';
import { MovingTokenList, type TokenListBehaviour } from '../../../support/moving-token-list.ts';
import { Random } from '../../../support/random.ts';
import { first, idsOf, last, makeContext, selectionOf, walkerOver } from '../../../support/walks.ts';

// Walks over lists that are read by page token. Seeds are printed on failure; WALKS sets the number of walks per
// property.

const walks = Number(process.env.WALKS ?? 150);
const timeoutMs = 600_000;
const start = 1_780_000_000;

const behaviour: fc.Arbitrary<TokenListBehaviour> = fc.record({
  tokens: fc.constantFrom('offset', 'row'),
  orders: fc.constantFrom<TokenListBehaviour['orders'][]>(['newest-first'], ['newest-first', 'oldest-first']),
  pageSize: fc.constantFrom(10, 40, 100),
  refusesEvery: fc.constant(0),
  emptyPages: fc.boolean(),
});

const shape = fc.record({
  seed: fc.integer(),
  rowCount: fc.constantFrom(0, 1, 7, 60, 100, 101, 250),
  gap: fc.constantFrom(0, 1, 60),
  tiesMax: fc.constantFrom(1, 3, 40),
  fractions: fc.boolean(),
  turnRate: fc.constantFrom(0, 0.3),
});
type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

let nextId = 0;

function rowAt(
  ledger: Transaction['ledger'],
  random: Random,
  second: number,
  fractions: boolean,
): Transaction {
  const nano = fractions ? random.pick([0, 0, 1, 500_000_000, 999_999_999]) : 0;
  return makeRow(`${random.between(100_000, 999_999)}-${nextId++}`, { second, nano }, { ledger });
}

function fill(list: MovingTokenList | MovingList, random: Random, given: Shape): void {
  let second = start;
  while (list.record.length < given.rowCount) {
    const ties = random.between(1, given.tiesMax);
    for (let tie = 0; tie < ties && list.record.length < given.rowCount; tie++) {
      list.record.push(rowAt(list.ledger, random, second, given.fractions));
    }
    second -= given.gap === 0 ? 0 : random.between(1, given.gap);
  }
}

function recordOf(lists: readonly (MovingTokenList | MovingList)[], fractions: boolean): MovingRecord {
  return {
    rows: () => lists.flatMap((list) => list.record),
    beforeEachCall(hook) {
      for (const list of lists) list.beforeEachCall = hook;
    },
    mutate(random, near) {
      const list = random.pick(lists);
      const seconds = list.record.map((row) => row.createdAt.second);
      const newest = Math.max(start, ...seconds);
      const second = random.pick([
        newest + random.between(0, 2),
        random.between(Math.min(start, ...seconds), newest),
        near?.createdAt.second ?? newest,
      ]);
      // A row removed while the page is reached by counting shifts all later rows undetectably.
      const mayGo = !(list instanceof MovingTokenList) || list.behaviour.tokens === 'row';
      if (mayGo && random.next() < 0.3) list.record.splice(random.between(0, list.record.length), 1);
      else list.record.push(rowAt(list.ledger, random, second, fractions));
    },
  };
}

describe.each([0, 0.6])('with a change before %f of the calls', (mutationRate) => {
  test(
    'one list by page token keeps the promise',
    async () => {
      await fc.assert(
        fc.asyncProperty(behaviour, shape, async (behaves, given) => {
          const random = new Random(given.seed);
          const list = new MovingTokenList('CURRENT', behaves);
          fill(list, random, given);
          await walkHostilely({
            paginator: walkerOver(list),
            record: recordOf([list], given.fractions),
            selection: selectionOf(),
            matches: () => true,
            random,
            pagesMax: 20,
            mutationRate,
            turnRate: given.turnRate,
          });
        }),
        { numRuns: walks },
      );
    },
    timeoutMs,
  );

  test(
    'lists by page token and by page number, merged and filtered, keep the promise',
    async () => {
      await fc.assert(
        fc.asyncProperty(behaviour, behaviour, shape, fc.boolean(), async (one, two, given, isFiltered) => {
          const random = new Random(given.seed);
          const lists = [
            new MovingList('BANKING'),
            new MovingTokenList('ASSET', one),
            new MovingTokenList('CURRENT', two),
          ];
          for (const list of lists) fill(list, random, given);
          const from = { second: start - 100, nano: 0 };
          const to = { second: start - 5, nano: 500_000_000 };
          await walkHostilely({
            paginator: walkerOver(...lists),
            record: recordOf(lists, given.fractions),
            selection: selectionOf(isFiltered ? { createdFrom: from, createdTo: to } : {}),
            matches: ({ createdAt: { second, nano } }) =>
              !isFiltered ||
              (second >= from.second && (second < to.second || (second === to.second && nano < to.nano))),
            random,
            pagesMax: 12,
            mutationRate,
            turnRate: given.turnRate,
          });
        }),
        { numRuns: Math.ceil(walks / 2) },
      );
    },
    timeoutMs,
  );
});

function still(behaves: Partial<TokenListBehaviour> = {}, rowCount = 250): MovingTokenList {
  const list = new MovingTokenList('CURRENT', {
    tokens: 'row',
    orders: ['newest-first', 'oldest-first'],
    pageSize: 100,
    refusesEvery: 0,
    emptyPages: false,
    ...behaves,
  });
  list.record = Array.from({ length: rowCount }, (_, rowIndex) =>
    makeRow(
      `row-${String(rowIndex).padStart(3, '0')}`,
      { second: start - rowIndex, nano: 0 },
      { ledger: 'CURRENT' },
    ),
  );
  return list;
}

describe('what a page costs', () => {
  test('a page from the start is one call; a later one continues at its cursor', async () => {
    const list = still();
    const paginator = walkerOver(list);
    const callsOfPages: number[] = [];
    const ids: string[] = [];
    let after: string | null = null;
    for (;;) {
      list.calls = 0;
      const page = await paginator.page(selectionOf(), first(40, after), makeContext());
      const hasNext = await page.hasNextPage();
      callsOfPages.push(list.calls);
      ids.push(...idsOf(page));
      if (!hasNext) break;
      after = page.cursorOf(page.rows.length - 1);
    }
    expect(ids).toEqual(list.record.map((row) => row.providerTransactionId));
    // Rows 81 to 120 are on two upstream pages. Row 200 ends the second one: only the third shows whether its second
    // continues, and from there on a page starts at one that still has newer rows.
    expect(callsOfPages).toEqual([1, 1, 2, 1, 2, 2, 1]);
  });

  test('the end of the list costs one call more than its start, if the list can be read in reverse', async () => {
    const list = still();
    const paginator = walkerOver(list);
    const page = await paginator.page(selectionOf(), last(20), makeContext());
    expect(idsOf(page)).toEqual(list.record.slice(-20).map((row) => row.providerTransactionId));
    expect(list.calls).toBe(2);
    list.calls = 0;
    const before = await paginator.page(selectionOf(), last(20, page.cursorOf(0)), makeContext());
    expect(idsOf(before)).toEqual(list.record.slice(-40, -20).map((row) => row.providerTransactionId));
    expect(list.calls).toBe(1);
  });

  test('if it cannot be read in reverse, the end is found by reading all of it', async () => {
    const list = still({ orders: ['newest-first'] });
    const page = await walkerOver(list).page(selectionOf(), last(20), makeContext());
    expect(idsOf(page)).toEqual(list.record.slice(-20).map((row) => row.providerTransactionId));
  });
});

test('a token that is refused later costs calls, but loses no row', async () => {
  const list = still({ refusesEvery: 2 });
  const paginator = walkerOver(list);
  const page = await paginator.page(selectionOf(), first(150), makeContext());
  list.calls = 0;
  const next = await paginator.page(selectionOf(), first(40, page.cursorOf(149)), makeContext());
  expect(idsOf(next)).toEqual(list.record.slice(150, 190).map((row) => row.providerTransactionId));
  // The refused call, and the list from its start.
  expect(list.calls).toBe(3);
});

test('rows added between two pages move the page of the cursor, and no row is returned twice', async () => {
  const list = still({ tokens: 'offset' });
  const paginator = walkerOver(list);
  const page = await paginator.page(selectionOf(), first(150), makeContext());
  const known = [...list.record];
  for (let second = 1; second <= 120; second++) {
    list.record.unshift(makeRow(`new-${second}`, { second: start + second, nano: 0 }, { ledger: 'CURRENT' }));
  }
  list.calls = 0;
  const next = await paginator.page(selectionOf(), first(100, page.cursorOf(149)), makeContext());
  expect(idsOf(next)).toEqual(known.slice(150).map((row) => row.providerTransactionId));
  expect(list.calls).toBe(3);
});

test('the length is reported if the whole list was read, else null', async () => {
  const short = await walkerOver(still({}, 90)).page(selectionOf(), first(10), makeContext());
  expect(await short.totalCount()).toBe(90);
  const long = await walkerOver(still()).page(selectionOf(), first(10), makeContext());
  expect(await long.totalCount()).toBeNull();
  expect(await long.pageCursors()).toBeNull();
});

test.each([
  ['a token that was read already', () => 'round', 2],
  ['ever new tokens', (calls: number) => `token-${calls}`, 3],
])('a list that gives one page under %s is refused', async (_, toToken, callCount) => {
  const list = still();
  const { page } = list;
  let calls = 0;
  list.page = async (account, order, _pageToken, context) => {
    calls += 1;
    const reading = await page.call(list, account, order, null, context);
    return { ...reading, value: { ...reading.value, nextPageToken: toToken(calls) } };
  };
  const read = await walkerOver(list).page(selectionOf(), first(100), makeContext());
  expect(read.sources).toMatchObject([{ state: 'PARTIAL', failure: { code: 'UPSTREAM_SHAPE' } }]);
  expect(calls).toBe(callCount);
});
