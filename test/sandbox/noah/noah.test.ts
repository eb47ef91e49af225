import { createPrivateKey, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  type NoahSandbox,
  type NoahSandboxOptions,
  startNoahSandbox,
} from '../../../src/sandbox/noah/index.ts';

const nowMs = 1_800_000_000_000;
const nowSecond = nowMs / 1_000;

/** Signs by hand, so that the sandbox is not tested with a library that the gateway uses too. */
function signJwt(pem: string, claims: object, header: object = { alg: 'ES384', typ: 'JWT' }): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode(header)}.${encode(claims)}`;
  const key = { key: createPrivateKey(pem), dsaEncoding: 'ieee-p1363' } as const;
  return `${text}.${sign('sha384', Buffer.from(text), key).toString('base64url')}`;
}

const claimsOf = (path: string, query: Record<string, unknown> = {}) => ({
  aud: 'https://api.noah.com',
  iat: nowSecond,
  exp: nowSecond + 300,
  method: 'GET',
  path: `/v1${path}`,
  ...(Object.keys(query).length === 0 ? {} : { queryParams: query }),
});

interface Bench {
  readonly sandbox: NoahSandbox;
  /** GET with key and signature; `claims` and `headers` change what is sent. */
  get(
    path: string,
    query?: Record<string, string>,
    change?: { claims?: object; header?: object; headers?: Record<string, string> },
  ): Promise<{ status: number; text: string; json: Record<string, unknown> }>;
}

async function withBench(options: NoahSandboxOptions, body: (bench: Bench) => Promise<void>): Promise<void> {
  const sandbox = await startNoahSandbox({ seed: 'empty', now: () => nowMs, ...options });
  let count = 0;
  try {
    await body({
      sandbox,
      async get(path, query = {}, { claims = {}, header, headers = {} } = {}) {
        count += 1;
        // An unchecked claim makes two signatures of the same second differ.
        const all = { ...claimsOf(path, query), count, ...claims };
        const signature = sandbox.signingKeyPem === null ? '' : signJwt(sandbox.signingKeyPem, all, header);
        const search = Object.keys(query).length === 0 ? '' : `?${new URLSearchParams(query)}`;
        const reply = await fetch(`${sandbox.baseUrl}${path}${search}`, {
          headers: { 'x-api-key': sandbox.apiKey, 'api-signature': signature, ...headers },
        });
        const text = await reply.text();
        return { status: reply.status, text, json: JSON.parse(text) };
      },
    });
  } finally {
    await sandbox.close();
  }
}

describe('a signature (section 2.1)', () => {
  test('that is valid is accepted, with query values as strings or, with the setting, as numbers', () =>
    withBench({}, async ({ get, sandbox }) => {
      expect((await get('/balances')).status).toBe(200);
      expect((await get('/balances', { PageSize: '5' })).status).toBe(200);
      const claims = { queryParams: { PageSize: 5 } };
      expect((await get('/balances', { PageSize: '5' }, { claims })).status).toBe(401);
      sandbox.control.setBehaviour({ queryParamValues: 'strings-or-numbers' });
      expect((await get('/balances', { PageSize: '5' }, { claims })).status).toBe(200);
    }));

  const wrong: Record<string, { claims?: object; header?: object; headers?: Record<string, string> }> = {
    'another audience': { claims: { aud: 'https://api.sandbox.noah.com' } },
    'no iat': { claims: { iat: undefined } },
    'an iat in the future': { claims: { iat: nowSecond + 60, exp: nowSecond + 120 } },
    'an exp in the past': { claims: { iat: nowSecond - 120, exp: nowSecond - 60 } },
    'a life of more than 15 minutes': { claims: { exp: nowSecond + 901 } },
    'another method': { claims: { method: 'POST' } },
    'a path without /v1': { claims: { path: '/balances' } },
    'other parameters': { claims: { queryParams: { PageSize: '6' } } },
    'no parameters': { claims: { queryParams: undefined } },
    'a body hash without a body': { claims: { bodyHash: 'ab' } },
    'an algorithm nobody named': { header: { alg: 'none', typ: 'JWT' } },
    'the wrong curve for the key': { header: { alg: 'ES256', typ: 'JWT' } },
    'no signature at all': { headers: { 'api-signature': '' } },
    'another API key': { headers: { 'x-api-key': 'apikey_sandbox_guess' } },
    'a browser behind it': { headers: { origin: 'http://localhost' } },
  };
  test.each(Object.keys(wrong))('with %s is refused with 401', (name) =>
    withBench({}, async ({ get }) => {
      const reply = await get('/balances', { PageSize: '5' }, wrong[name]);
      expect([reply.status, reply.json]).toMatchObject([
        401,
        { Type: 'Unauthorized', Instance: expect.any(String) },
      ]);
    }),
  );

  test('that was altered or used before is refused', () =>
    withBench({}, async ({ sandbox }) => {
      const jwt = signJwt(sandbox.signingKeyPem ?? '', claimsOf('/balances'));
      const send = (signature: string) =>
        fetch(`${sandbox.baseUrl}/balances`, {
          headers: { 'x-api-key': sandbox.apiKey, 'api-signature': signature },
        });
      const [head, , tail] = jwt.split('.');
      const forged = Buffer.from(JSON.stringify({ ...claimsOf('/balances'), exp: nowSecond + 301 })).toString(
        'base64url',
      );
      expect((await send(`${head}.${forged}.${tail}`)).status).toBe(401);
      expect((await send(jwt)).status).toBe(200);
      expect((await send(jwt)).status).toBe(401);
      sandbox.control.setBehaviour({ signaturesAreSingleUse: false });
      expect((await send(jwt)).status).toBe(200);
    }));

  test('is not required if the key has none', () =>
    withBench({ publicKeyPem: null }, async ({ get }) => {
      expect((await get('/balances')).status).toBe(200);
    }));
});

describe('balances (section 3)', () => {
  test('have their digits as written, twenty a page, with a token that has to be encoded', () =>
    withBench({}, async ({ get, sandbox }) => {
      for (let index = 0; index < 45; index += 1) sandbox.control.setBalance(`A${index}`, { Total: '+.25' });
      const ids: unknown[] = [];
      const tokens: string[] = [];
      let query: Record<string, string> = {};
      for (;;) {
        const { json } = await get('/balances', query);
        ids.push(...(json.Items as { CryptoCurrency: string }[]).map(({ CryptoCurrency }) => CryptoCurrency));
        if (typeof json.PageToken !== 'string') break;
        tokens.push(json.PageToken);
        query = { PageToken: json.PageToken };
      }
      expect(ids).toEqual(Array.from({ length: 45 }, (_, index) => `A${index}`));
      expect(tokens).toHaveLength(2);
      expect(tokens.join('')).toMatch(/[+/=]/);
      expect((await get('/balances', { PageSize: '1' })).text).toContain(
        '{"Available":"0","Total":"+.25","AccountType":"Current","CryptoCurrency":"A0"}',
      );
      expect(() => sandbox.control.setBalance('A0', { Total: '-1' })).toThrow(RangeError);
      expect(() => sandbox.control.setBalance('A0', { Total: '1e3' })).toThrow(RangeError);
    }));

  test('refuse page sizes and tokens that make no sense', () =>
    withBench({ behaviour: { pageSizeMax: 50 } }, async ({ get, sandbox }) => {
      for (const PageSize of ['0', '-1', 'x', '51']) {
        expect((await get('/balances', { PageSize })).json).toMatchObject({ Type: 'InvalidMessage' });
      }
      expect((await get('/balances', { PageToken: 'x' })).status).toBe(400);
      sandbox.control.setBehaviour({ pageSizeTooLarge: 'clamped', lastPageToken: 'empty' });
      expect((await get('/balances', { PageSize: '51' })).json).toEqual({ Items: [], PageToken: '' });
    }));
});

describe('transactions (section 4)', () => {
  test('come newest first or oldest first, and pages after a token do not change while rows arrive', () =>
    withBench({}, async ({ get, sandbox }) => {
      const insert = (minutes: number) =>
        sandbox.control.insertTransaction({ Created: new Date(nowMs - minutes * 60_000).toISOString() }).ID;
      const ids = [1, 2, 3, 4].map(insert);
      const idsOf = (json: Record<string, unknown>) => (json.Items as { ID: string }[]).map(({ ID }) => ID);
      const first = await get('/transactions', { PageSize: '2' });
      expect(idsOf(first.json)).toEqual(ids.slice(0, 2));
      insert(0);
      const query = { PageSize: '2', PageToken: String(first.json.PageToken) };
      expect(idsOf((await get('/transactions', query)).json)).toEqual(ids.slice(2));
      const oldest = await get('/transactions', { PageSize: '1', SortDirection: 'ASC' });
      expect(idsOf(oldest.json)).toEqual(ids.slice(3));
      expect((await get('/transactions', { SortDirection: 'UP' })).status).toBe(400);
      // A token is bound to its direction and size.
      expect((await get('/transactions', { ...query, SortDirection: 'ASC' })).status).toBe(400);
    }));

  test('can be fetched one by one', () =>
    withBench({}, async ({ get, sandbox }) => {
      const { ID } = sandbox.control.insertTransaction({});
      expect((await get(`/transactions/${ID}`)).json).toMatchObject({ ID, Status: 'Settled' });
      expect((await get(`/transactions/${ID}`)).text).not.toContain('Amount');
      const other = await get('/transactions/00000000-0000-4000-8000-000000000000');
      expect([other.status, other.json]).toMatchObject([404, { Type: 'ResourceNotFound' }]);
    }));
});

test('the demo data is the same at every start and has rows without amounts', async () => {
  const now = () => nowMs;
  const [first, second] = await Promise.all([startNoahSandbox({ now }), startNoahSandbox({ now })]);
  try {
    const rows = first.control.transactions();
    expect(second.control.transactions()).toEqual(rows);
    expect(second.control.balances()).toEqual(first.control.balances());
    expect(first.control.balances().every(({ CryptoCurrency }) => CryptoCurrency.includes('_TEST'))).toBe(
      true,
    );
    expect(rows.some(({ Amount }) => Amount === undefined)).toBe(true);
    expect(new Set(rows.map(({ Status }) => Status))).toEqual(new Set(['Pending', 'Settled', 'Failed']));
    expect(rows.some(({ FiatPayment }) => FiatPayment !== undefined)).toBe(true);
    expect(rows.some(({ AdjustmentFor }) => AdjustmentFor !== undefined)).toBe(true);
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
});
