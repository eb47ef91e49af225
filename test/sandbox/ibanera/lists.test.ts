import { describe, expect, test } from '@jest/globals';
import { startIbaneraSandbox } from '../../../src/sandbox/ibanera/index.ts';
import { balancesPath, codesOf, type Reply, transactionsPath, withBench } from './support.ts';

const detailsOf = (reply: Reply) => reply.json?.details as Record<string, unknown>[];

describe('balances (section 4)', () => {
  test('are the whole list without page parameters, numbers digit for digit', () =>
    withBench({}, async ({ open, get, sandbox }) => {
      await open();
      for (let index = 0; index < 12; index += 1) sandbox.control.addAccount();
      sandbox.control.changeAccount(4101, {
        totalBalance: '250.750000000000000001',
        availableBalance: '1e-8',
      });
      const reply = await get(balancesPath);
      expect(detailsOf(reply)).toHaveLength(12);
      expect(reply.text).toContain(
        '{"id":4101,"asset":"USD","totalBalance":250.750000000000000001,"availableBalance":1e-8,"pendingBalance":0,"bSuppressed":false}',
      );
      expect(reply.json).not.toHaveProperty('pageNumber');
    }));

  test('come in pages from 1 if requested, in both spellings', () =>
    withBench({}, async ({ open, get, sandbox }) => {
      await open();
      for (let index = 0; index < 12; index += 1) sandbox.control.addAccount();
      const last = await get(`${balancesPath}?pageNumber=3&pageSize=5`);
      expect(last.json).toMatchObject({ pageNumber: 3, pageSize: 5, numberOfPages: 3 });
      expect(detailsOf(last).map(({ id }) => id)).toEqual([4111, 4112]);
      expect((await get(`${balancesPath}?PageNumber=3&PageSize=5`)).json).toEqual(last.json);
      expect(detailsOf(await get(`${balancesPath}?pageNumber=2`)).map(({ id }) => id)).toEqual([4111, 4112]);
      expect(detailsOf(await get(`${balancesPath}?pageNumber=4&pageSize=5`))).toEqual([]);
      expect((await get(`${balancesPath}?pageNumber=0`)).status).toBe(400);
      sandbox.control.setBehaviour({ pageBeyondEnd: 'refused', numberOfPages: false });
      expect(codesOf(await get(`${balancesPath}?pageNumber=4&pageSize=5`))).toEqual(['Invalid']);
      expect((await get(`${balancesPath}?pageNumber=1`)).json).not.toHaveProperty('numberOfPages');
    }));

  test.each(['id', 'assetAccountId', 'both'] as const)('name their id as configured: %s', (balanceIdField) =>
    withBench({ behaviour: { balanceIdField } }, async ({ open, get, sandbox }) => {
      await open();
      sandbox.control.addAccount();
      const [row = {}] = detailsOf(await get(balancesPath));
      expect(['id' in row, 'assetAccountId' in row]).toEqual([
        balanceIdField !== 'assetAccountId',
        balanceIdField !== 'id',
      ]);
    }),
  );
});

describe('transactions (sections 5 and 6)', () => {
  test('are those of one account, newest first, ten a page', () =>
    withBench({}, async ({ open, get, sandbox, clock }) => {
      await open();
      const { id } = sandbox.control.addAccount();
      for (let index = 0; index < 13; index += 1) {
        const DateTime = new Date(clock.nowMs - index * 1_000).toISOString();
        sandbox.control.insertTransaction({ AccountsId: id, Amount: `-${index}.10`, DateTime });
      }
      const first = await get(`${transactionsPath}?AccountsId=${id}`);
      expect(detailsOf(first)).toHaveLength(10);
      expect(first.json).toMatchObject({ pageNumber: 1, pageSize: 10, numberOfPages: 2 });
      expect(first.text).toContain('"amount":-1.10');
      expect(detailsOf(first)[0]).toMatchObject({ accountsId: id, bPending: false, bCompleted: true });
      sandbox.control.setBehaviour({ transactionCasing: 'pascal', transactionOrder: 'oldest-first' });
      const oldest = detailsOf(await get(`${transactionsPath}?AccountsId=${id}&PageSize=1`));
      expect(oldest).toMatchObject([{ AccountsId: id, Amount: -12.1, bCompleted: true }]);
      expect(codesOf(await get(transactionsPath))).toEqual(['Required']);
      expect(codesOf(await get(`${transactionsPath}?AccountsId=9`))).toEqual(['Invalid']);
    }));
});

describe('the demo data', () => {
  test('are the same at every start and contain cases that break careless clients', async () => {
    const now = () => 1_800_000_000_000;
    const [first, second] = await Promise.all([startIbaneraSandbox({ now }), startIbaneraSandbox({ now })]);
    try {
      const accounts = first.control.accounts();
      expect(second.control.accounts()).toEqual(accounts);
      expect(second.control.transactions(4101)).toEqual(first.control.transactions(4101));
      expect(accounts.filter(({ asset }) => asset === 'USD')).toHaveLength(2);
      expect(accounts.some(({ bSuppressed }) => bSuppressed)).toBe(true);
      expect(accounts.some(({ totalBalance }) => /\.\d{18}$/.test(totalBalance))).toBe(true);
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  });
});

describe('the control interface', () => {
  const post = (url: string, body: string, type = 'application/json') =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': type } });

  test('answers over HTTP if it is enabled, and only JSON', () =>
    withBench({ control: true }, async ({ sandbox }) => {
      const url = `${sandbox.baseUrl}/__control`;
      const added = await post(`${url}/addAccount`, '{"account":{"asset":"EUR"}}');
      expect(await added.json()).toMatchObject({ result: { id: 4101, asset: 'EUR' } });
      expect((await post(`${url}/addAccount`, '{"account":{"totalBalance":"x"}}')).status).toBe(400);
      expect((await post(`${url}/addAccount`, '{}', 'text/plain')).status).toBe(400);
      expect((await post(`${url}/nothing`, '{}')).status).toBe(404);
      expect(sandbox.control.accounts()).toHaveLength(1);
      expect(sandbox.control.callCount()).toBe(0);
    }));

  test('is absent otherwise', () =>
    withBench({}, async ({ sandbox }) => {
      expect((await post(`${sandbox.baseUrl}/__control/accounts`, '{}')).status).toBe(404);
    }));

  test('knows its settings', async () => {
    await expect(startIbaneraSandbox({ behaviour: { loginFailuresMax: 0 } })).rejects.toThrow(RangeError);
    await expect(startIbaneraSandbox({ totpSecret: '018' })).rejects.toThrow(/totpSecret/);
  });
});
