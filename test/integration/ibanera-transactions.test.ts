import { afterEach, describe, expect, test } from '@jest/globals';
import { type IbaneraAdapter, master, startIbaneraAdapter } from './ibanera-adapter.fixture.ts';
import { fill, idsOf, minutesAgo, walk } from './ibanera-rows.fixture.ts';

const closers: (() => Promise<void>)[] = [];

async function start(...args: Parameters<typeof startIbaneraAdapter>) {
  const adapter = await startIbaneraAdapter(...args);
  closers.push(adapter.close);
  return adapter;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The first page of one asset account's rows. */
async function readAlone({ provider, context }: IbaneraAdapter, accountId: number) {
  const book = provider.transactions.get('ASSET');
  if (book?.kind !== 'page-token') throw new Error('transactions are off');
  const page = await book.ofBalance?.(String(accountId)).page(master, 'newest-first', null, context);
  return page?.value.rows;
}

test('are off unless enabled', async () => {
  expect((await start({}, { transactions: false })).provider.transactions.size).toBe(0);
});

describe('paging through the transactions of all asset accounts', () => {
  const kinds = [
    {},
    { transactionCasing: 'pascal' },
    { numberOfPages: false },
    { numberOfPages: false, pageBeyondEnd: 'refused' },
  ] as const;
  test.each(kinds)('returns every row once, newest first (%j)', async (behaviour) => {
    for (const counts of [
      [0, 0],
      [3, 0],
      [50, 50],
      [120, 71],
    ]) {
      const adapter = await start({ behaviour });
      const ids = fill(adapter, counts);
      expect(idsOf(await walk(adapter))).toEqual(ids);
    }
  });

  test('neither loses nor repeats rows while others arrive', async () => {
    const adapter = await start();
    const ids = fill(adapter, [160, 120]);
    const [first] = adapter.control.accounts();
    const rows = await walk(adapter, () => {
      for (let index = 0; index < 37; index += 1) {
        adapter.control.insertTransaction({ AccountsId: first?.id ?? 0, DateTime: minutesAgo(adapter, 1) });
      }
    });
    expect(idsOf(rows)).toEqual(ids);
  });

  test('keeps each account’s currency, the sign and every digit', async () => {
    const adapter = await start();
    const { id: AccountsId } = adapter.control.addAccount({ asset: 'eth' });
    const add = (minutes: number, row: object) =>
      adapter.control.insertTransaction({ AccountsId, DateTime: minutesAgo(adapter, minutes), ...row }).Id;
    const id = add(1, {
      Amount: '-0.000000000000000001',
      Description: 'Fee',
      bCompleted: false,
      bPending: true,
    });
    add(2, { Amount: '98765432109876543210.10', bRejected: true });
    add(3, { Amount: '0', bCompleted: false });
    const rows = await walk(adapter);
    expect(rows[0]).toEqual({
      account: master,
      ledger: 'ASSET',
      providerTransactionId: String(id),
      distinguishingId: String(AccountsId),
      shortId: null,
      currency: 'ETH',
      providerBalanceId: String(AccountsId),
      ...{ type: 'UNRECOGNIZED', typeRaw: '', status: 'PENDING', statusRaw: 'bPending', direction: 'DEBIT' },
      amount: { amount: '-0.000000000000000001', currency: 'ETH' },
      ...{ fee: null, counterAmount: null, exchangeRate: null, endingBalance: null },
      createdAt: { second: adapter.clock.now() / 1_000 - 60, nano: 0 },
      completedAt: null,
      ...{ referenceId: null, channel: null, network: null, description: 'Fee' },
    });
    expect(rows.slice(1).map(({ status, direction, amount }) => [status, direction, amount?.amount])).toEqual(
      [
        ['FAILED', 'CREDIT', '98765432109876543210.10'],
        ['UNRECOGNIZED', 'UNSPECIFIED', '0'],
      ],
    );
  });
});

describe('transactions that cannot be trusted are refused', () => {
  test('in another order, or of another account', async () => {
    const adapter = await start({ behaviour: { transactionOrder: 'oldest-first' } });
    fill(adapter, [3]);
    await expect(walk(adapter)).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
    adapter.control.setBehaviour({ transactionOrder: 'newest-first' });
    adapter.control.inject({
      ...{ kind: 'shape', match: { path: /transactions/ }, field: 'details.0.accountsId', value: 1 },
    });
    await expect(walk(adapter)).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringContaining('another account'),
    });
  });

  const fields = ['AccountsId', 'AccountId', 'AssetAccountId'] as const;
  const casings = ['camel', 'pascal'] as const;
  test.each(fields.flatMap((field) => casings.map((casing) => [field, casing] as const)))(
    'of another account that the row names in %s, %s',
    async (transactionAccountField, transactionCasing) => {
      const behaviour = { transactionAccountField, transactionCasing };
      const adapter = await start({ behaviour });
      const ids = fill(adapter, [3, 2]);
      expect(idsOf(await walk(adapter))).toEqual(ids);
      adapter.control.setBehaviour({ accountFilter: 'ignored' });
      await expect(walk(adapter)).rejects.toMatchObject({
        code: 'UPSTREAM_SHAPE',
        message: expect.stringContaining('is a row of another account'),
      });
    },
  );

  test('without an account, if every requested account returns the same', async () => {
    const adapter = await start({ behaviour: { transactionAccountField: 'none', accountFilter: 'ignored' } });
    fill(adapter, [0, 1]);
    const refusal = { code: 'UPSTREAM_SHAPE', message: expect.stringContaining('same transactions') };
    await expect(walk(adapter)).rejects.toMatchObject(refusal);
    // The list of a single account looks like any other.
    for (const { id } of adapter.control.accounts()) {
      await expect(readAlone(adapter, id)).rejects.toMatchObject(refusal);
    }
    const [first] = adapter.control.accounts();
    adapter.control.removeAccount(first?.id ?? 0);
    expect(await walk(adapter)).toHaveLength(1);
  });

  test('but not only because rows name no account: a call to distinguish accounts is made once', async () => {
    const adapter = await start({ behaviour: { transactionAccountField: 'none' } });
    const ids = fill(adapter, [3, 2]);
    const [first] = adapter.control.accounts();
    for (const calls of [5, 2]) {
      adapter.control.resetCalls();
      expect(await readAlone(adapter, first?.id ?? 0)).toHaveLength(3);
      expect(adapter.dataCalls()).toHaveLength(calls);
    }
    expect(idsOf(await walk(adapter))).toEqual(ids);
  });

  test.each([400, 404] as const)(
    'if those of one account are missing (HTTP %i), with its name',
    async (status) => {
      const adapter = await start({ behaviour: { refusalOfSuppressedLists: status } });
      fill(adapter, [2, 1]);
      const [first, second] = adapter.control.accounts();
      adapter.control.changeAccount(second?.id ?? 0, { bSuppressed: true });
      const failure: unknown = await walk(adapter).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'UPSTREAM_REJECTED',
        message: expect.stringContaining(`asset account ${second?.id} (HTTP ${status})`),
        details: { upstreamStatus: status, retryable: false, provider: 'IBANERA', ledger: 'ASSET' },
      });
      expect(String(failure)).not.toContain('IBANERA_BASE_URL');
      expect(await readAlone(adapter, first?.id ?? 0)).toHaveLength(2);
    },
  );

  test('with a time that was never set, with a clear message', async () => {
    const adapter = await start();
    fill(adapter, [2]);
    const match = { path: /transactions/ };
    const dateTime = { field: 'details.1.dateTime', value: '0001-01-01T00:00:00Z' };
    adapter.control.inject({ kind: 'shape', match, ...dateTime });
    await expect(walk(adapter)).rejects.toMatchObject({
      code: 'UPSTREAM_SHAPE',
      message: expect.stringMatching(/datetime: expected a time with an offset, got one of the year 0001/),
    });
  });

  test('in pages larger than requested', async () => {
    const adapter = await start();
    fill(adapter, [30]);
    adapter.control.inject({
      ...{ kind: 'shape', match: { path: /transactions/ }, field: 'pageSize', value: 100 },
    });
    await expect(walk(adapter)).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
  });

  test('at a position that no longer exists or was never issued: CURSOR_INVALID', async () => {
    const adapter = await start();
    fill(adapter, [120]);
    const { provider, context, control } = adapter;
    const page = await provider.transactions.get('ASSET')?.page(master, 'newest-first', null, context);
    control.deleteTransaction(Number(page?.value.rows.at(-1)?.providerTransactionId));
    const pageToken = page?.value.nextPageToken ?? '';
    for (const token of [pageToken, 'nonsense', '']) {
      await expect(
        provider.transactions.get('ASSET')?.page(master, 'newest-first', token, context),
      ).rejects.toMatchObject({
        code: 'CURSOR_INVALID',
      });
    }
  });

  test('oldest first', async () => {
    const { provider, context, control } = await start();
    await expect(
      provider.transactions.get('ASSET')?.page(master, 'oldest-first', null, context),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(control.callCount()).toBe(0);
  });
});
