import { afterEach, describe, expect, test } from '@jest/globals';
import type { IbaneraBehaviour } from '../../src/sandbox/ibanera/index.ts';
import { startIbaneraAdapter } from './ibanera-adapter.fixture.ts';
import { fill, idsOf, minutesAgo, walk } from './ibanera-rows.fixture.ts';

// Neither the largest page is documented, nor the reply if a page has fewer rows than requested.

const closers: (() => Promise<void>)[] = [];

async function start(behaviour: Partial<IbaneraBehaviour>) {
  const adapter = await startIbaneraAdapter({ behaviour }, { transactions: true });
  closers.push(adapter.close);
  return adapter;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const kinds: Partial<IbaneraBehaviour>[] = [];
for (const pageSizeMax of [1, 7, 10, 49]) {
  for (const pageSizeEcho of ['used', 'asked', 'none'] as const) {
    for (const numberOfPages of [true, false]) kinds.push({ pageSizeMax, pageSizeEcho, numberOfPages });
  }
}
const strange: Partial<IbaneraBehaviour>[] = [
  { pageSizeMax: 10, pageSizeEcho: 'asked', numberOfPages: false, pageBegins: 'by-size-asked' },
  { pageSizeMax: 10, pageSizeEcho: 'asked', numberOfPages: false, pageBeyondEnd: 'refused' },
];

describe('smaller pages than requested', () => {
  test.each([...kinds, ...strange])('return every row once, newest first (%j)', async (behaviour) => {
    for (const counts of behaviour.pageSizeMax === 1
      ? [[0, 3]]
      : [
          [40, 0],
          [10, 20],
          [51, 7],
        ]) {
      const adapter = await start(behaviour);
      const ids = fill(adapter, counts);
      expect(idsOf(await walk(adapter))).toEqual(ids);
      expect(idsOf(await walk(adapter))).toEqual(ids);
    }
  });

  test('lose and repeat nothing while rows arrive', async () => {
    for (const pageSizeEcho of ['used', 'asked'] as const) {
      const adapter = await start({ pageSizeMax: 10, pageSizeEcho, numberOfPages: false });
      const ids = fill(adapter, [40, 25]);
      const [first] = adapter.control.accounts();
      const rows = await walk(adapter, () => {
        for (let index = 0; index < 7; index += 1) {
          adapter.control.insertTransaction({ AccountsId: first?.id ?? 0, DateTime: minutesAgo(adapter, 1) });
        }
      });
      expect(idsOf(rows)).toEqual(ids);
    }
  });

  test('in the middle of paging: the position is found again at its new page number', async () => {
    const adapter = await start({});
    const ids = fill(adapter, [400]);
    let pagesRead = 0;
    const rows = await walk(adapter, () => {
      pagesRead += 1;
      if (pagesRead === 5) adapter.control.setBehaviour({ pageSizeMax: 20 });
    });
    expect(idsOf(rows)).toEqual(ids);
  });
});

test('whether a short page is the whole list is checked once', async () => {
  const adapter = await start({ numberOfPages: false });
  const ids = fill(adapter, [30, 12]);
  // The balances, a page of each list, and the page after each; then only what is new.
  for (const calls of [5, 3]) {
    adapter.control.resetCalls();
    expect(idsOf(await walk(adapter))).toEqual(ids);
    expect(adapter.dataCalls()).toHaveLength(calls);
  }
});

test('a short page costs no extra call if pages are counted', async () => {
  const adapter = await start({});
  fill(adapter, [30, 12]);
  await walk(adapter);
  expect(adapter.dataCalls()).toHaveLength(3);
});
