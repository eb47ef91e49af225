import { describe, expect, test } from '@jest/globals';
import { at, withBench } from './support.ts';

const balances = '/v1/balances';

describe('the token call', () => {
  test('1.2: returns a JWT with the documented claims, and expired_at in whole Unix seconds', () =>
    withBench({ tokenLifetimeSeconds: 600 }, async ({ sandbox, call, clock }) => {
      const reply = await call('/v1/connect/token', {
        method: 'POST',
        headers: { 'x-api-key': sandbox.apiKey, 'x-auth-token': null },
        body: '{}',
      });
      expect(reply.status).toBe(200);
      expect(reply.json).toEqual({
        auth_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        expired_at: clock.nowMs / 1000 + 600,
      });
      const payload = String(at(reply, 'auth_token')).split('.')[1] ?? '';
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
        entity_id: sandbox.masterAccountId,
        short_entity_id: expect.any(String),
        parent_entity_id: '0',
        client_id: sandbox.clientId,
        bus_type: 'BANKING',
        exp: clock.nowMs / 1000 + 600,
      });
    }));

  test('1.2: an unknown client id is 400 Invalid client id, a wrong key 403 Forbidden', () =>
    withBench({}, async ({ sandbox, call }) => {
      const post = (clientId: string | null, apiKey: string | null) =>
        call('/v1/connect/token', {
          method: 'POST',
          headers: { 'x-client-id': clientId, 'x-api-key': apiKey, 'x-auth-token': null },
        });
      const wrongId = await post('somebody', sandbox.apiKey);
      expect([wrongId.status, at(wrongId, 'message')]).toEqual([400, 'Invalid client id']);
      expect((await post(null, sandbox.apiKey)).status).toBe(400);
      const wrongKey = await post(sandbox.clientId, 'guess');
      expect([wrongKey.status, at(wrongKey, 'error')]).toEqual([403, 'Forbidden']);
      expect((await post(sandbox.clientId, null)).status).toBe(403);
      expect(sandbox.control.mintCount()).toBe(1);
    }));

  test('1.2: a token is accepted until its second of expiry; then 401 says it has expired', () =>
    withBench({ tokenLifetimeSeconds: 60 }, async ({ clock, list }) => {
      clock.nowMs += 59_999;
      expect((await list(balances)).status).toBe(200);
      clock.nowMs += 1;
      const expired = await list(balances);
      expect([expired.status, expired.json]).toEqual([401, { error: 'token has expired' }]);
    }));

  test('1.4: a new token invalidates the previous one; with the setting off both are valid', async () => {
    const statusOfFirst = async (singleLiveToken: boolean) => {
      let status = 0;
      await withBench({ behaviour: { singleLiveToken } }, async ({ issue, list }) => {
        const first = await issue();
        await issue();
        expect((await list(balances)).status).toBe(200);
        status = (await list(balances, {}, { headers: { 'x-auth-token': `Bearer ${first}` } })).status;
      });
      return status;
    };
    expect(await statusOfFirst(true)).toBe(401);
    expect(await statusOfFirst(false)).toBe(200);
  });

  test('1.2: another method than POST is 405', () =>
    withBench({}, async ({ call }) => {
      expect((await call('/v1/connect/token')).status).toBe(405);
    }));
});

describe('x-auth-token', () => {
  test.each([balances, '/v1/issuing/balances', '/v2/payment/balances'])(
    '1.3: %s refuses a bare, missing, misspelt or invented token with 401 and {"error"}',
    (path) =>
      withBench({}, async ({ issue, list }) => {
        const token = await issue();
        for (const header of [
          token,
          null,
          '',
          `bearer ${token}`,
          `Bearer  ${token}`,
          `Bearer${token}`,
          'Bearer x',
        ]) {
          const reply = await list(path, {}, { headers: { 'x-auth-token': header } });
          expect([header, reply.status, reply.json]).toEqual([header, 401, { error: expect.any(String) }]);
        }
      }),
  );

  test('2.3: Account Center says 403 in shape B instead, also without x-client-id', () =>
    withBench({}, async ({ issue, list }) => {
      const token = await issue();
      const bare = await list('/v1/accounts', {}, { headers: { 'x-auth-token': token } });
      expect([bare.status, bare.json]).toEqual([403, { code: 403, message: 'Authorization error' }]);
      const nobody = await list('/v1/accounts', {}, { headers: { 'x-client-id': null } });
      expect([nobody.status, nobody.json]).toEqual([
        403,
        { code: 403, message: 'x-client-id or email cannot be empty' },
      ]);
    }));
});

describe('paths and methods', () => {
  test('2.3: an unknown path is 404 and a wrong method 405, in shape B', () =>
    withBench({}, async ({ call }) => {
      for (const path of ['/v1/payment/balances', '/v1/nothing', '/v1/issuing/balances/USD/x', '/../other']) {
        const reply = await call(path);
        expect([path, reply.status, at(reply, 'code')]).toEqual([path, 404, 404]);
      }
      for (const [method, path] of [
        ['POST', '/v1/balances'],
        ['DELETE', '/v1/accounts'],
        ['PUT', '/v1/issuing/balances'],
        ['POST', '/v2/payment/balances/USD'],
      ] as const) {
        const reply = await call(path, { method });
        expect([method, path, reply.status, at(reply, 'code')]).toEqual([method, path, 405, 405]);
      }
    }));
});
