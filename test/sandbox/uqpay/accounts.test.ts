import { describe, expect, test } from '@jest/globals';
import { at, column, rowsOf, withBench } from './support.ts';

describe('GET /v1/accounts', () => {
  test('3.1: shows the sub-accounts in opening order, summaries only, without the master', () =>
    withBench({}, async ({ sandbox, list }) => {
      const first = sandbox.control.addAccount({ account_name: 'First Ltd', country: 'GB' });
      const person = sandbox.control.addAccount({ account_name: 'Ada Person', entity_type: 'INDIVIDUAL' });
      const reply = await list('/v1/accounts');
      expect(reply.json).toMatchObject({ total_pages: 1, total_items: 2 });
      expect(column(reply, 'account_id')).toEqual([first.account_id, person.account_id]);
      expect(rowsOf(reply)[0]).toMatchObject({
        short_reference_id: expect.any(String),
        business_code: ['BANKING', 'ACQUIRING', 'ISSUING'],
        email: expect.any(String),
        account_name: 'First Ltd',
        country: 'GB',
        status: 'ACTIVE',
        verification_status: 'APPROVED',
        entity_type: 'COMPANY',
        contact_details: { email: expect.any(String), phone: expect.any(String) },
        business_details: expect.any(Object),
      });
      expect(rowsOf(reply)[1]).not.toHaveProperty('business_details');
      expect(reply.text).not.toContain('representatives');
      sandbox.control.setBehaviour({ masterListed: true });
      expect(column(await list('/v1/accounts'), 'account_id')[0]).toBe(sandbox.masterAccountId);
    }));

  test('3.1: page_size 10 to 100 and page_number from 1 are required; no maximum by switch', () =>
    withBench({}, async ({ sandbox, call, list }) => {
      for (const query of [
        { page_size: '9' },
        { page_size: '101' },
        { page_size: 'x' },
        { page_number: '0' },
      ]) {
        const reply = await list('/v1/accounts', query);
        expect([query, reply.status, at(reply, 'code')]).toEqual([query, 400, 400]);
      }
      expect((await call('/v1/accounts', { query: { page_size: '10' } })).status).toBe(400);
      expect((await call('/v1/accounts', { query: { page_number: '1' } })).status).toBe(400);
      sandbox.control.setBehaviour({ accountsPageSizeMax: null });
      expect((await list('/v1/accounts', { page_size: '10000' })).status).toBe(200);
    }));

  test('3.3: x-on-behalf-of is refused here with 400 in shape B', () =>
    withBench({}, async ({ sandbox, list }) => {
      const { account_id } = sandbox.control.addAccount();
      for (const value of [account_id, '']) {
        const reply = await list('/v1/accounts', {}, { headers: { 'x-on-behalf-of': value } });
        expect([reply.status, at(reply, 'code')]).toEqual([400, 400]);
      }
    }));
});

describe('GET /v1/accounts/{id}', () => {
  test('3.2: adds the private fields, so that a leak would be visible', () =>
    withBench({}, async ({ sandbox, call }) => {
      const { account_id } = sandbox.control.addAccount();
      const reply = await call(`/v1/accounts/${account_id}`);
      expect(reply.status).toBe(200);
      expect(reply.json).toMatchObject({
        account_id,
        registration_address: expect.any(Object),
        representatives: [{ first_name: 'Private', last_name: expect.stringMatching(/^Person-/) }],
        documents: expect.any(Array),
      });
    }));

  test('3.2: business_code is BANKING by default, so an issuing-only account needs it', () =>
    withBench({}, async ({ sandbox, call }) => {
      const { account_id } = sandbox.control.addAccount({ business_code: ['ISSUING'] });
      const read = async (query: Record<string, string>) =>
        (await call(`/v1/accounts/${account_id}`, { query })).status;
      expect(await read({})).toBe(400);
      expect(await read({ business_code: 'ACQUIRING' })).toBe(400);
      expect(await read({ business_code: 'CARDS' })).toBe(400);
      expect(await read({ business_code: 'ISSUING' })).toBe(200);
      expect((await call(`/v1/accounts/${crypto.randomUUID()}`)).status).toBe(400);
    }));
});

describe('x-on-behalf-of on the ledgers', () => {
  const lines = [
    ['/v1/balances', 'BANKING'],
    ['/v1/issuing/balances', 'ISSUING'],
    ['/v2/payment/balances', 'ACQUIRING'],
    ['/v1/balances/transactions', 'BANKING'],
    ['/v1/issuing/balances/transactions', 'ISSUING'],
  ] as const;
  const notFound = { type: 'account_error', code: 'sub_account_not_found', message: expect.any(String) };

  test.each(lines)('3.3: %s requires an active sub-account with %s', (path, businessCode) =>
    withBench({}, async ({ sandbox, list }) => {
      const { control } = sandbox;
      const read = (id: string) => list(path, {}, { headers: { 'x-on-behalf-of': id } });
      const right = control.addAccount({ business_code: [businessCode] });
      expect((await read(right.account_id)).status).toBe(200);

      const others = (['BANKING', 'ISSUING', 'ACQUIRING'] as const).filter((code) => code !== businessCode);
      const wrongLine = control.addAccount({ business_code: others });
      const closed = control.addAccount({ status: 'CLOSED' });
      for (const id of [
        wrongLine.account_id,
        closed.account_id,
        crypto.randomUUID(),
        'not-a-uuid',
        '',
        sandbox.masterAccountId,
      ]) {
        const reply = await read(id);
        expect([id, reply.status, reply.json]).toEqual([id, 400, notFound]);
      }
      control.setAccountStatus(right.account_id, 'SUSPENDED');
      expect((await read(right.account_id)).status).toBe(400);
    }),
  );

  test('3.1: a setting selects the order of the list, and a removed account is gone', () =>
    withBench({}, async ({ sandbox, list }) => {
      const { control } = sandbox;
      const names = ['b', 'c', 'a'];
      const ids = names.map((account_name) => control.addAccount({ account_name }).account_id);
      const listed = async () => column(await list('/v1/accounts'), 'account_name');
      expect(await listed()).toEqual(['b', 'c', 'a']);
      control.setBehaviour({ accountOrder: 'newest-first' });
      expect(await listed()).toEqual(['a', 'c', 'b']);
      control.setBehaviour({ accountOrder: 'by-name' });
      expect(await listed()).toEqual(['a', 'b', 'c']);
      control.removeAccount(ids[0] ?? '');
      expect(await listed()).toEqual(['a', 'c']);
      expect((await list(`/v1/accounts/${ids[0]}`)).status).toBe(400);
      expect(() => control.removeAccount(sandbox.masterAccountId)).toThrow(RangeError);
    }));

  test('8 row 13: an empty header is the master by switch; data stays with its account', () =>
    withBench({ behaviour: { emptyOnBehalfOf: 'master' } }, async ({ sandbox, list }) => {
      const { control, masterAccountId } = sandbox;
      const { account_id } = control.addAccount();
      control.setBalance('banking', masterAccountId, 'USD', { available_balance: '1.00' });
      control.setBalance('banking', account_id, 'USD', { available_balance: '2.00' });
      const read = async (id: string | null) =>
        column(await list('/v1/balances', {}, { headers: { 'x-on-behalf-of': id } }), 'available_balance');
      expect(await read(null)).toEqual(['1.00']);
      expect(await read('')).toEqual(['1.00']);
      expect(await read(account_id)).toEqual(['2.00']);
    }));
});
