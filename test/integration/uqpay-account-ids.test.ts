// UQPAY's sources disagree on the form of account ids (reference section 11.2): any id that fits into a header is
// passed on, and UQPAY decides.
import { afterEach, expect, test } from '@jest/globals';
import { firstPage, readAll, startAdapter } from './uqpay-adapter.fixture.ts';

const closers: (() => Promise<void>)[] = [];

async function start() {
  const adapter = await startAdapter({ behaviour: { accountIds: 'any' } });
  closers.push(adapter.close);
  return adapter;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const refOf = (providerAccountId: string) => ({ provider: 'UQPAY', providerAccountId }) as const;

test.each(['ACC-1029', 'CB4488338944', 'a/b?c#d', '../v1/balances', '100%', '"quoted"'])(
  'an account listed as %j is read by exactly that id: itself, its balances, its transactions',
  async (account_id) => {
    const { control, provider, banking, bankingRows, context, dataCalls } = await start();
    control.addAccount({ account_id, account_name: 'Odd one' });
    control.setBalance('banking', account_id, 'USD', { available_balance: '7.00' });
    control.insertTransaction('banking', { account_id, amount: '3.00' });

    const [listed] = await readAll(provider.accounts.connected(context));
    expect(listed?.ref).toEqual(refOf(account_id));
    expect((await provider.accounts.one?.(account_id, context))?.value).toEqual(listed);
    expect(await readAll(banking.list(refOf(account_id), context))).toMatchObject([
      { account: refOf(account_id), available: { amount: '7.00', currency: 'USD' } },
    ]);
    const single = await banking.one?.(refOf(account_id), 'USD', context);
    expect(single?.value).toMatchObject({ available: { amount: '7.00', currency: 'USD' } });
    const rows = await bankingRows.page(firstPage(refOf(account_id)), context);
    expect(rows.value).toMatchObject({ rowCount: 1, rows: [{ account: refOf(account_id) }] });
    expect(dataCalls()).toHaveLength(5);
  },
);

test('ids that differ only in case are different accounts', async () => {
  const { control, banking, context } = await start();
  for (const [account_id, available_balance] of [
    ['Acc-1', '1.00'],
    ['ACC-1', '2.00'],
  ] as const) {
    control.addAccount({ account_id });
    control.setBalance('banking', account_id, 'USD', { available_balance });
  }
  const amounts = async (id: string) =>
    (await readAll(banking.list(refOf(id), context))).map(({ available }) => available?.amount);
  expect(await amounts('Acc-1')).toEqual(['1.00']);
  expect(await amounts('ACC-1')).toEqual(['2.00']);
});

test('an id that UQPAY does not know is ACCOUNT_NOT_FOUND', async () => {
  const { banking, provider, context } = await start();
  await expect(readAll(banking.list(refOf('ACC-1029'), context))).rejects.toMatchObject({
    code: 'ACCOUNT_NOT_FOUND',
  });
  expect((await provider.accounts.one?.('ACC-1029', context))?.value).toBeNull();
});
