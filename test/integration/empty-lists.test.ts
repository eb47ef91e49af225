// Empty lists: providers may write null instead of an array.
import { afterEach, expect, test } from '@jest/globals';
import { startIbaneraAdapter } from './ibanera-adapter.fixture.ts';
import { master as noahMaster, startNoahAdapter } from './noah-adapter.fixture.ts';

const closers: (() => Promise<void>)[] = [];

async function start<Adapter extends { close(): Promise<void> }>(starting: Promise<Adapter>) {
  const adapter = await starting;
  closers.push(adapter.close);
  return adapter;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

test.each(['null', 'absent'] as const)('NOAH’s %s Items are an empty list', async (emptyItems) => {
  const { readBalances, readTransactions, control } = await start(
    startNoahAdapter({ behaviour: { emptyItems } }),
  );
  expect(await readBalances()).toEqual([]);
  expect(await readTransactions('newest-first')).toEqual([]);
  expect(control.callCount()).toBe(2);
});

test('a NOAH page with null Items and a token is not the last one', async () => {
  const { control, tokenBook, readTransactions, context } = await start(
    startNoahAdapter({ behaviour: { emptyItems: 'null', emptyPages: true } }),
  );
  for (let index = 0; index < 150; index += 1) control.insertTransaction({ Amount: '1' });
  const first = await tokenBook.page(noahMaster, 'newest-first', null, context);
  const second = await tokenBook.page(noahMaster, 'newest-first', first.value.nextPageToken, context);
  expect(second.value).toMatchObject({ rows: [], nextPageToken: expect.any(String) });
  expect(await readTransactions('newest-first')).toHaveLength(150);
});

test('Items that are not a list are refused', async () => {
  const { readBalances, control } = await start(startNoahAdapter());
  control.inject({ match: {}, kind: 'shape', field: 'Items', value: 'none' });
  await expect(readBalances()).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
});

test('Ibanera’s null details are an empty list', async () => {
  const { readBalances, control, provider, context } = await start(
    startIbaneraAdapter({ behaviour: { emptyDetails: 'null' } }),
  );
  expect(await readBalances()).toEqual([]);
  control.addAccount({ asset: 'USD', availableBalance: '1.00' });
  const book = provider.transactions.get('ASSET');
  const page = await book?.page(
    { provider: 'IBANERA', providerAccountId: null },
    'newest-first',
    null,
    context,
  );
  expect(page?.value).toEqual({ rows: [], nextPageToken: null });
});
