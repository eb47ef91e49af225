// docs/browser.md: a page signs in at an issuer that checks every request, and the gateway accepts its token.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { finishSignIn, type SignIn, signInUrl } from '../../docs/examples/sign-in.ts';
import { startTestGateway, type TestGateway } from '../integration/gateway.fixture.ts';

const root = join(import.meta.dirname, '../..');
const pageOrigin = 'https://dashboard.example';
const { privateKey, publicKey } = await generateKeyPair('ES256');

/** An issuer with one user, who consents at once: `/authorize` redirects with a code that `/token` accepts once. */
function createIssuer(): Server {
  const challenges = new Map<string, string>();
  return createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://issuer');
    const send = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
    if (url.pathname === '/keys')
      return send(200, { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] });
    if (url.pathname === '/authorize') {
      challenges.set('code-1', url.searchParams.get('code_challenge') ?? '');
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({
        code: 'code-1',
        state: url.searchParams.get('state') ?? '',
      }).toString();
      return response.writeHead(302, { location: back.href }).end();
    }
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const code = form.get('code') ?? '';
    if (challenges.get(code) !== proof || form.get('grant_type') !== 'authorization_code')
      return send(400, { error: 'invalid_grant' });
    challenges.delete(code);
    const token = await new SignJWT({ scope: 'balances:read', accounts: ['UQPAY/*'] })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer('https://issuer.example/')
      .setAudience('balances')
      .setSubject('mei')
      .setExpirationTime('5m')
      .sign(privateKey);
    return send(200, { access_token: token, token_type: 'Bearer' });
  });
}

/** A page's sessionStorage. */
function createStorage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  } as Storage;
}

const issuer = createIssuer();
let door: TestGateway;
let signIn: SignIn;
beforeAll(async () => {
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
  door = await startTestGateway({
    AUTH: 'jwt',
    AUTH_JWT_ISSUER: 'https://issuer.example/',
    AUTH_JWT_AUDIENCE: 'balances',
    AUTH_JWKS_URL: `${origin}/keys`,
    CORS_ORIGINS: pageOrigin,
  });
  signIn = {
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    clientId: 'dashboard',
    redirectUri: `${pageOrigin}/`,
    parameters: { scope: 'balances:read', audience: 'balances' },
  };
});
afterAll(async () => {
  await door?.close();
  issuer.close();
});

/** Follows the redirects of a sign-in like a browser; returns the URL at which the page is opened. */
async function comeBack(storage: Storage): Promise<string> {
  const response = await fetch(await signInUrl(signIn, storage), { redirect: 'manual' });
  return response.headers.get('location') ?? '';
}

test('the page shows the example as it is', () => {
  const page = readFileSync(join(root, 'docs/browser.md'), 'utf8');
  expect(page).toContain(readFileSync(join(root, 'docs/examples/sign-in.ts'), 'utf8').trimEnd());
});

test('a page on another origin signs a user in and reads their balances', async () => {
  const storage = createStorage();
  const token = await finishSignIn(signIn, await comeBack(storage), storage);
  const preflight = await fetch(door.gateway.url, {
    method: 'OPTIONS',
    headers: {
      origin: pageOrigin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,cache-control,content-type',
    },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBe(pageOrigin);
  expect(preflight.headers.get('access-control-allow-headers')).toBe(
    'authorization,cache-control,content-type',
  );
  expect(preflight.headers.get('access-control-max-age')).toBe('600');
  const query = '{ viewer { subject } balance(currency: "USD") { available { amount } } }';
  const { answer, headers } = await door.post(
    { query },
    { origin: pageOrigin, authorization: `Bearer ${token}` },
  );
  expect(headers.get('access-control-expose-headers')).toBe(
    'age, retry-after, x-request-id, x-upstream-report',
  );
  expect(answer).toEqual({
    data: { viewer: { subject: 'mei' }, balance: { available: { amount: '1153745.84' } } },
  });
});

test('a forged address is refused, and so is a code without its secret', async () => {
  const storage = createStorage();
  const address = await comeBack(storage);
  await expect(finishSignIn(signIn, address, createStorage())).rejects.toThrow('not begun here');
  await expect(finishSignIn(signIn, address.replace('state=', 'state=x'), storage)).rejects.toThrow(
    'not begun',
  );
  await comeBack(storage);
  const stolen = JSON.stringify({ ...JSON.parse(storage.getItem('sign-in') ?? ''), verifier: 'guessed' });
  const state = (JSON.parse(stolen) as { state: string }).state;
  storage.setItem('sign-in', stolen);
  await expect(finishSignIn(signIn, `${pageOrigin}/?code=code-1&state=${state}`, storage)).rejects.toThrow(
    'HTTP 400',
  );
});
