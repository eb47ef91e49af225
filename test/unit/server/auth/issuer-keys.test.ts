// Misbehaving issuers on a loopback socket. The test controls the clock; connections are counted.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type JWK, SignJWT } from 'jose';
import type { JwtRules } from '../../../../src/server/auth/index.ts';
import { createAuthenticatorHere } from '../../../support/origin.ts';

const startSecond = 1_900_000_000;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const short = generateKeyPairSync('rsa', { modulusLength: 1_024 });
const toJwk = (key: KeyObject, kid: string, alg?: string): JWK => ({
  ...(key.export({ format: 'jwk' }) as JWK),
  kid,
  ...(alg === undefined ? {} : { alg }),
});
const goodKey = toJwk(ec.publicKey, 'good', 'ES256');

let issuer: Server;
let answer: RequestListener;
let fetchCount: number;
let second: number;
let warnings: unknown[];

beforeEach(async () => {
  fetchCount = 0;
  second = startSecond;
  warnings = [];
  issuer = createServer((request, response) => {
    fetchCount += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  issuer.close();
  issuer.closeAllConnections();
});

function authenticator(rules: Partial<JwtRules> = {}) {
  const authenticate = createAuthenticatorHere({
    mode: 'jwt',
    keys: { jwksUrl: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys` },
    ...{ issuer: 'https://issuer.example', audience: 'balances', toleranceSeconds: 30 },
    ...{ accountsClaim: 'accounts', algorithms: ['RS256', 'ES256'] },
    now: () => new Date(second * 1_000),
    warn: (fields) => warnings.push(fields),
    ...rules,
  });
  return (token: string) => authenticate({ authorization: `Bearer ${token}` });
}

/** `kid` null: the token names no key. */
function sign(kid: string | null, key: KeyObject = ec.privateKey, alg = 'ES256'): Promise<string> {
  const claims = { sub: 'alice', scope: 'balances:read', accounts: ['*'] };
  return new SignJWT({ ...claims, iss: 'https://issuer.example', aud: 'balances', exp: startSecond + 3_600 })
    .setProtectedHeader({ alg, ...(kid === null ? {} : { kid }) })
    .sign(key);
}

const publish =
  (...keys: unknown[]): RequestListener =>
  (_request, response) =>
    void response.end(JSON.stringify({ keys }));
const unavailable = { code: 'UPSTREAM_UNAVAILABLE', details: { retryable: true } };
const unauthenticated = { code: 'UNAUTHENTICATED' };

describe('a key that cannot be used', () => {
  // Made by hand: jose refuses to sign with a key this short.
  const ofShortKey = () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'RS256', kid: 'short' })}.${part({ sub: 'alice' })}.c2lnbmVk`;
  };

  test.each<[string, unknown]>([
    ['an RSA key of 1,024 bits', toJwk(short.publicKey, 'short', 'RS256')],
    ['the same without "alg"', toJwk(short.publicKey, 'short')],
    ['a key without its parts', { kty: 'RSA', kid: 'short', alg: 'RS256' }],
  ])('%s is skipped and logged once; other keys work', async (_name, broken) => {
    answer = publish(broken, goodKey);
    const authenticate = authenticator();
    await expect(authenticate(ofShortKey())).rejects.toMatchObject(unauthenticated);
    await expect(authenticate(await sign('good'))).resolves.toMatchObject({ subject: 'alice' });
    await expect(authenticate(ofShortKey())).rejects.toMatchObject(unauthenticated);
    expect(warnings).toEqual([{ keyIds: ['short'] }]);
  });

  test('does not affect a token that names no key', async () => {
    answer = publish(toJwk(short.publicKey, 'short', 'RS256'), null, 7, { kty: 'oct', k: 'AA' }, goodKey);
    await expect(authenticator()(await sign(null))).resolves.toMatchObject({ subject: 'alice' });
  });

  test('alone makes every token invalid', async () => {
    answer = publish(toJwk(short.publicKey, 'short', 'RS256'));
    await expect(authenticator()(ofShortKey())).rejects.toMatchObject(unauthenticated);
  });
});

describe('a reply that is not a key set is not the fault of the caller', () => {
  const padded = JSON.stringify({ keys: [goodKey], pad: 'x'.repeat(1_048_576) });

  test.each<[string, RequestListener]>([
    ['too large', (_request, response) => void response.end(padded)],
    [
      'too large when unpacked',
      (_request, response) => void response.setHeader('content-encoding', 'gzip').end(gzipSync(padded)),
    ],
    [
      'without an end',
      (_request, response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
    ],
    ['that never comes', () => {}],
    [
      'that comes in drips',
      (_request, response) => {
        const timer = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(timer));
      },
    ],
  ])('%s: the issuer is left alone for 5 s, then asked again', async (_name, listener) => {
    answer = listener;
    const authenticate = authenticator({ keysTimeoutMs: 200 });
    const token = await sign('good');
    await expect(authenticate(token)).rejects.toMatchObject(unavailable);
    answer = publish(goodKey);
    second += 4;
    await expect(authenticate(token)).rejects.toMatchObject(unavailable);
    expect(fetchCount).toBe(1);
    second += 1;
    await expect(authenticate(token)).resolves.toMatchObject({ subject: 'alice' });
    expect(fetchCount).toBe(2);
  });

  test.each<[string, RequestListener]>([
    ['a redirect', (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a web page', (_request, response) => void response.end('<html>sign in</html>')],
    ['a list', (_request, response) => void response.end('[]')],
    ['deep nesting', (_request, response) => void response.end('['.repeat(500_000))],
    ['a reset', (request) => void request.socket.destroy()],
    ['more headers than fit', (_request, response) => void response.setHeader('x', 'y'.repeat(40_000)).end()],
  ])('%s: the next token asks again', async (_name, listener) => {
    answer = listener;
    const authenticate = authenticator();
    const token = await sign('good');
    await expect(authenticate(token)).rejects.toMatchObject(unavailable);
    answer = publish(goodKey);
    await expect(authenticate(token)).resolves.toMatchObject({ subject: 'alice' });
    expect(fetchCount).toBe(2);
  });
});
