import { afterEach, describe, expect, test } from '@jest/globals';
import type { IbaneraBehaviour } from '../../src/sandbox/ibanera/index.ts';
import { startIbaneraAdapter } from './ibanera-adapter.fixture.ts';
import { fill, idsOf, walk } from './ibanera-rows.fixture.ts';

// Ibanera's lists are complete or refused, however unreliable its page numbers and counts are.

const closers: (() => Promise<void>)[] = [];

async function start(behaviour: Partial<IbaneraBehaviour>) {
  const adapter = await startIbaneraAdapter({ behaviour }, { transactions: true });
  closers.push(adapter.close);
  return adapter;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const ignored: Partial<IbaneraBehaviour>[] = [];
for (const pageNumberEcho of ['asked', 'none'] as const) {
  for (const numberOfPages of [true, false]) {
    ignored.push({ pageNumber: 'ignored', pageNumberEcho, numberOfPages });
  }
}
const capped: Partial<IbaneraBehaviour> = {
  ...{ pageNumber: 'ignored', pageNumberEcho: 'asked', numberOfPages: false },
  ...{ pageSizeMax: 10, pageSizeEcho: 'none' },
};

describe('an ignored page number', () => {
  test.each([...ignored, capped])('is detected by transactions with three calls (%j)', async (behaviour) => {
    const adapter = await start(behaviour);
    fill(adapter, [120]);
    adapter.control.resetCalls();
    await expect(walk(adapter)).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringContaining('the same rows for every page number'),
    });
    // The balances, the first page, and a check for each of the two pages.
    expect(adapter.dataCalls().length).toBeLessThanOrEqual(5);
  });

  test.each(ignored)('is detected by balances with three calls (%j)', async (behaviour) => {
    const adapter = await start({ ...behaviour, balancesUnpaged: 'first-page' });
    for (let index = 0; index < 25; index += 1) adapter.control.addAccount({ asset: `T${index}` });
    await expect(adapter.readBalances()).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringContaining('the same rows for every page number'),
    });
    expect(adapter.dataCalls()).toHaveLength(3);
  });
});

test.each([true, false])(
  'pages that begin as if each had ten rows are detected (page counts: %s)',
  async (numberOfPages) => {
    const adapter = await start({ pageBegins: 'by-default-size', numberOfPages });
    fill(adapter, [150]);
    adapter.control.resetCalls();
    await expect(walk(adapter)).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringContaining('pages do not begin where page number and page size say'),
    });
    // The balances, two pages, and the first one again.
    expect(adapter.dataCalls().length).toBeLessThanOrEqual(5);
  },
);

describe('a list that repeats its last page past its end', () => {
  test.each([50, 30, 1])('returns all of its %i transactions', async (count) => {
    const adapter = await start({
      pageBeyondEnd: 'last-page',
      pageNumberEcho: 'asked',
      numberOfPages: false,
    });
    const ids = fill(adapter, [count]);
    expect(idsOf(await walk(adapter))).toEqual(ids);
    expect(idsOf(await walk(adapter))).toEqual(ids);
  });

  test.each([10, 20, 25])('returns all of its %i balances', async (count) => {
    const adapter = await start({
      ...{ pageBeyondEnd: 'last-page', pageNumberEcho: 'asked', numberOfPages: false },
      balancesUnpaged: 'first-page',
    });
    for (let index = 0; index < count; index += 1) adapter.control.addAccount({ asset: `T${index}` });
    expect(await adapter.readBalances()).toHaveLength(count);
  });
});

describe('a numberOfPages that is always 1', () => {
  test.each([50, 60, 120])('hides none of %i transactions', async (count) => {
    const adapter = await start({ numberOfPages: 'one' });
    const ids = fill(adapter, [count]);
    expect(idsOf(await walk(adapter))).toEqual(ids);
    expect(idsOf(await walk(adapter))).toEqual(ids);
  });

  test('is trusted for a full page once a reply has counted more', async () => {
    const adapter = await start({});
    fill(adapter, [60, 50]);
    await walk(adapter);
    adapter.control.resetCalls();
    await walk(adapter);
    const [, full] = adapter.control.accounts();
    const calls = adapter.dataCalls().filter(({ query }) => query.AccountsId === String(full?.id));
    expect(calls.map(({ query }) => query.PageNumber)).not.toContain('2');
  });
});

describe('an empty page that numberOfPages counts', () => {
  test('refuses the transactions', async () => {
    const adapter = await start({ emptyPageNumber: 2 });
    fill(adapter, [80]);
    await expect(walk(adapter)).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
  });

  test.each([15, 25])('refuses the %i balances', async (count) => {
    const adapter = await start({ emptyPageNumber: 2, balancesUnpaged: 'first-page' });
    for (let index = 0; index < count; index += 1) adapter.control.addAccount({ asset: `T${index}` });
    await expect(adapter.readBalances()).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringContaining('numberOfPages'),
    });
    expect(adapter.dataCalls()).toHaveLength(2);
  });
});
