// Tokens of a real issuer: our own keys, published on a loopback socket, with a clock that the test controls.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { JwtRules } from '../../../../src/server/auth/index.ts';
import { createAuthenticatorHere } from '../../../support/origin.ts';

const nowSecond = 1_900_000_000;
const secret = 'a secret of more than 32 characters';
const rules = {
  mode: 'jwt' as const,
  issuer: 'https://issuer.example',
  audience: 'balances',
  toleranceSeconds: 30,
  accountsClaim: 'accounts',
  now: () => new Date(nowSecond * 1000),
};
const good: JWTPayload = {
  iss: rules.issuer,
  aud: rules.audience,
  sub: 'alice',
  exp: nowSecond + 60,
  scope: 'openid balances:read accounts:read',
  accounts: ['UQPAY/master', 'UQPAY/a-1'],
};

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const refused = (message: RegExp) => ({
  code: 'UNAUTHENTICATED',
  message: expect.stringMatching(message),
});

describe('with a shared secret', () => {
  const bySecret: JwtRules & { mode: 'jwt' } = { ...rules, keys: { secret }, algorithms: ['HS256'] };
  const authenticate = createAuthenticatorHere(bySecret);
  const sign = (payload: JWTPayload, alg = 'HS256', key = secret) =>
    new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));

  test('a valid token identifies its subject, with the scopes and accounts it lists, until it expires', async () => {
    expect(await authenticate(bearer(await sign(good)))).toEqual({
      subject: 'alice',
      scopes: ['accounts:read', 'balances:read'],
      grants: [
        { provider: 'UQPAY', account: { provider: 'UQPAY', providerAccountId: null } },
        { provider: 'UQPAY', account: { provider: 'UQPAY', providerAccountId: 'a-1' } },
      ],
      expiresAtMs: (nowSecond + 60) * 1_000,
    });
  });

  test('"scp" as a list counts too; unreadable accounts grant nothing', async () => {
    const { scope, ...rest } = good;
    const token = await sign({ ...rest, scp: ['transactions:read'], accounts: ['uqpay/x', 7, '', 'NOAH/*'] });
    expect(await authenticate(bearer(token))).toMatchObject({
      scopes: ['transactions:read'],
      grants: [{ provider: 'NOAH', account: 'ALL' }],
    });
    expect(scope).toBeDefined();
  });

  test('a clock that is off by the tolerance is fine, by more is not', async () => {
    const expired = (seconds: number) => sign({ ...good, exp: nowSecond - seconds });
    await expect(authenticate(bearer(await expired(29)))).resolves.toMatchObject({ subject: 'alice' });
    await expect(authenticate(bearer(await expired(31)))).rejects.toMatchObject(refused(/expired/));
    const early = (seconds: number) => sign({ ...good, nbf: nowSecond + seconds });
    await expect(authenticate(bearer(await early(29)))).resolves.toMatchObject({ subject: 'alice' });
    await expect(authenticate(bearer(await early(31)))).rejects.toMatchObject(refused(/"nbf"/));
  });

  test.each<[string, JWTPayload]>([
    ['iss', { ...good, iss: 'https://other.example' }],
    ['aud', { ...good, aud: 'something else' }],
    ['sub', { ...good, sub: '' }],
    ['iss', { sub: 'alice', aud: 'balances', exp: nowSecond + 60 }],
    ['exp', { sub: 'alice', aud: 'balances', iss: rules.issuer }],
    ['sub', { aud: 'balances', iss: rules.issuer, exp: nowSecond + 60 }],
  ])('a token with the wrong or no "%s" is refused', async (claim, payload) => {
    await expect(authenticate(bearer(await sign(payload)))).rejects.toMatchObject(
      refused(RegExp(`"${claim}"`)),
    );
  });

  test('without scopes or without accounts: FORBIDDEN', async () => {
    const { accounts, ...noAccounts } = good;
    expect(accounts).toBeDefined();
    for (const payload of [{ ...good, scope: 'openid' }, noAccounts, { ...good, accounts: '*' }]) {
      await expect(authenticate(bearer(await sign(payload)))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  test('another algorithm, another secret, no signature, a changed payload: refused, and nothing is repeated', async () => {
    const [header = '', , signature = ''] = (await sign(good)).split('.');
    const changed = Buffer.from(JSON.stringify({ ...good, sub: 'mallory' })).toString('base64url');
    const tokens = [
      await sign(good, 'HS512'),
      await sign(good, 'HS256', 'another secret of 32 characters!'),
      new UnsecuredJWT(good).encode(),
      `${header}.${changed}.${signature}`,
      'abc',
      'a.b.c',
    ];
    for (const token of tokens) {
      await expect(authenticate(bearer(token))).rejects.toMatchObject(
        refused(/^The token cannot be verified/),
      );
    }
  });
});

describe('with published keys', () => {
  let pair: { publicKey: CryptoKey; privateKey: CryptoKey };
  let issuer: Server;
  let fetchCount: number;
  let status: number;

  beforeAll(async () => {
    pair = await generateKeyPair('ES256', { extractable: true });
  });
  beforeEach(async () => {
    fetchCount = 0;
    status = 200;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };
    issuer = createServer((_request, response) => {
      fetchCount += 1;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    issuer.close();
    issuer.closeAllConnections();
  });

  const authenticator = (algorithms = ['RS256', 'ES256']) => {
    const jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`;
    return createAuthenticatorHere({ ...rules, keys: { jwksUrl }, algorithms });
  };
  const sign = (kid: string, payload = good) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(pair.privateKey);

  test('are read once for many tokens', async () => {
    const authenticate = authenticator();
    const tokens = await Promise.all(['a', 'b', 'c'].map((sub) => sign('k1', { ...good, sub })));
    const callers = await Promise.all(tokens.map((token) => authenticate(bearer(token))));
    expect(callers.map(({ subject }) => subject)).toEqual(['a', 'b', 'c']);
    await authenticate(bearer(await sign('k1')));
    expect(fetchCount).toBe(1);
  });

  test('a verified token is not verified again for a minute, but never used past its expiry', async () => {
    let second = nowSecond;
    const clock = () => new Date(second * 1_000);
    const other = await generateKeyPair('ES256', { extractable: true });
    const signedBy = (key: CryptoKey, exp: number) =>
      new SignJWT({ ...good, exp }).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(key);
    const authenticate = createAuthenticatorHere({
      ...rules,
      ...{ now: clock, algorithms: ['ES256'] },
      keys: { jwksUrl: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys` },
    });
    const long = bearer(await signedBy(pair.privateKey, nowSecond + 3_600));
    const short = bearer(await signedBy(pair.privateKey, nowSecond + 10));
    const caller = await authenticate(long);
    await authenticate(short);
    second += 39;
    expect(await authenticate(long)).toBe(caller);
    await expect(authenticate(short)).resolves.toMatchObject({ subject: 'alice' });
    // The same claims, signed with another key.
    await expect(authenticate(bearer(await signedBy(other.privateKey, nowSecond + 3_600)))).rejects.toThrow();
    second += 1;
    await expect(authenticate(short)).rejects.toMatchObject(refused(/expired/));
    second += 20;
    expect(await authenticate(long)).not.toBe(caller);
  });

  test('a flood of unknown key ids does not reach the issuer', async () => {
    const authenticate = authenticator();
    await authenticate(bearer(await sign('k1')));
    for (let index = 0; index < 20; index += 1) {
      await expect(authenticate(bearer(await sign(`other-${index}`)))).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
    expect(fetchCount).toBe(1);
  });

  test('a token signed with the public key as a secret is refused', async () => {
    const authenticate = authenticator();
    const publicText = JSON.stringify(await exportJWK(pair.publicKey));
    const forged = await new SignJWT(good)
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(new TextEncoder().encode(publicText));
    await expect(authenticate(bearer(forged))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('an algorithm that is not allowed is refused', async () => {
    await expect(authenticator(['RS256'])(bearer(await sign('k1')))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('that cannot be read are not the fault of the caller', async () => {
    const authenticate = authenticator();
    status = 500;
    const token = await sign('k1');
    await expect(authenticate(bearer(token))).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      details: { retryable: true },
    });
    status = 200;
    await expect(authenticate(bearer(token))).resolves.toMatchObject({ subject: 'alice' });
    issuer.closeAllConnections();
  });
});
