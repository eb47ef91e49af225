// Callers that a router names: trusted only from routers, and only if named once.
import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { loadConfig } from '../../../../src/config/load-config.ts';
import { createAddressList, parseIpAddress } from '../../../../src/domain/ip-address.ts';
import { createAuthenticator } from '../../../../src/server/auth/index.ts';
import { originAt } from '../../../support/origin.ts';

const authenticate = await createAuthenticator({
  mode: 'forwarded',
  routers: createAddressList(['10.0.0.1', 'fd00::/64']),
  headers: { subject: 'x-caller-subject', scopes: 'x-caller-scopes', accounts: 'x-caller-accounts' },
});
const alice = {
  'x-caller-subject': 'alice',
  'x-caller-scopes': 'balances:read accounts:read something:else',
  'x-caller-accounts': 'UQPAY/master UQPAY/abc',
};
const router = originAt('10.0.0.1');
const refused = (message: RegExp) => ({ code: 'UNAUTHENTICATED', message: expect.stringMatching(message) });

test('a router names the caller, the scopes and the accounts', async () => {
  await expect(authenticate(alice, router)).resolves.toEqual({
    subject: 'alice',
    scopes: ['accounts:read', 'balances:read'],
    grants: [
      { provider: 'UQPAY', account: { provider: 'UQPAY', providerAccountId: null } },
      { provider: 'UQPAY', account: { provider: 'UQPAY', providerAccountId: 'abc' } },
    ],
  });
});

test.each([['::ffff:10.0.0.1'], ['::FFFF:0a00:0001'], ['fd00::7']])('a router at %s is one', async (text) => {
  const origin = originAt(parseIpAddress(text) ?? '');
  await expect(authenticate(alice, origin)).resolves.toMatchObject({ subject: 'alice' });
});

test.each([['10.0.0.2'], ['127.0.0.1'], ['::1'], ['fd00:0:0:1::7'], ['0.0.0.0']])(
  'from %s the same headers are ignored',
  async (address) => {
    await expect(authenticate(alice, originAt(address))).rejects.toMatchObject(
      refused(/^Ask through the router/),
    );
  },
);

test('the address of the router’s client does not count, only that of the connection', async () => {
  const claimed = { peer: '192.0.2.1', client: '10.0.0.1', isClientKnown: true };
  await expect(authenticate(alice, claimed)).rejects.toMatchObject(refused(/^Ask through the router/));
  const behind = { peer: '10.0.0.1', client: '192.0.2.1', isClientKnown: true };
  await expect(authenticate(alice, behind)).resolves.toMatchObject({ subject: 'alice' });
});

test.each<[string, object, RegExp]>([
  ['no subject', { 'x-caller-subject': undefined }, /"x-caller-subject" must name one caller/],
  ['an empty one', { 'x-caller-subject': '' }, /"x-caller-subject" must name one caller/],
  ['two, joined on the way', { 'x-caller-subject': 'bob, alice' }, /"x-caller-subject" must name one caller/],
  ['two', { 'x-caller-subject': ['bob', 'alice'] }, /"x-caller-subject" was sent more than once/],
  ['the same twice', { 'x-caller-subject': ['alice', 'alice'] }, /was sent more than once/],
  ['a blank in it', { 'x-caller-subject': 'alice bob' }, /must name one caller/],
  ['letters of no alphabet agreed on', { 'x-caller-subject': 'al\u00efce' }, /must name one caller/],
  ['a long one', { 'x-caller-subject': 'a'.repeat(513) }, /must name one caller/],
  [
    'scopes twice',
    { 'x-caller-scopes': ['balances:read', 'transactions:read'] },
    /"x-caller-scopes" was sent/,
  ],
  [
    'scopes joined',
    { 'x-caller-scopes': 'balances:read, transactions:read' },
    /"x-caller-scopes" must be words/,
  ],
  ['accounts twice', { 'x-caller-accounts': ['UQPAY/a', '*'] }, /"x-caller-accounts" was sent/],
  ['accounts joined', { 'x-caller-accounts': 'UQPAY/a,*' }, /"x-caller-accounts" must be words/],
  ['a line break', { 'x-caller-accounts': 'UQPAY/a\r\nx: y' }, /"x-caller-accounts" must be words/],
])('%s: refused, and what came is not repeated', async (_what, changed, message) => {
  const asking = authenticate({ ...alice, ...changed }, router);
  await expect(asking).rejects.toMatchObject(refused(message));
  await asking.catch((error) => expect(String(error)).not.toMatch(/bob|UQPAY/));
});

test.each([
  ['scopes', { 'x-caller-scopes': undefined }],
  ['scopes of this gateway', { 'x-caller-scopes': 'admin' }],
  ['accounts', { 'x-caller-accounts': undefined }],
  ['accounts that can be read', { 'x-caller-accounts': 'UQPAY UQPEY/* **' }],
])(
  'a caller without %s is FORBIDDEN: a forgotten header must not grant everything',
  async (_what, changed) => {
    await expect(authenticate({ ...alice, ...changed }, router)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  },
);

describe('configuration', () => {
  const forwarded = { AUTH: 'forwarded', AUTH_FORWARDED_FROM: '10.0.0.1' };
  function problemsOf(env: Record<string, string>): string[] {
    try {
      loadConfig(env);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ name }) => name);
    }
  }

  test('routers, and names of headers in lower case', () => {
    const AUTH_FORWARDED_SUBJECT_HEADER = 'X-Forwarded-User';
    expect(loadConfig({ ...forwarded, AUTH_FORWARDED_SUBJECT_HEADER }).auth).toEqual({
      mode: 'forwarded',
      routers: ['10.0.0.1'],
      headers: { subject: 'x-forwarded-user', scopes: 'x-caller-scopes', accounts: 'x-caller-accounts' },
    });
  });

  test('is refused without routers, with every address as a router, or with another mode', () => {
    expect(problemsOf({ AUTH: 'forwarded' })).toEqual(['AUTH_FORWARDED_FROM']);
    expect(problemsOf({ ...forwarded, AUTH_FORWARDED_FROM: '::/0' })).toEqual(['AUTH_FORWARDED_FROM']);
    expect(problemsOf({ AUTH_FORWARDED_FROM: '10.0.0.1' })).toEqual(['AUTH_FORWARDED_FROM']);
    expect(problemsOf({ AUTH: 'none', AUTH_FORWARDED_SUBJECT_HEADER: 'x-user' })).toEqual([
      'AUTH_FORWARDED_SUBJECT_HEADER',
    ]);
    expect(problemsOf({ ...forwarded, AUTH_JWT_ISSUER: 'https://issuer.example' })).toEqual([
      'AUTH_JWT_ISSUER',
    ]);
  });

  test('a header with another meaning, or with two of ours, is refused', () => {
    const name = 'AUTH_FORWARDED_SCOPES_HEADER';
    for (const value of ['authorization', 'host', 'x-forwarded-for', 'x_caller', 'x-a b', 'x-request-id']) {
      expect(problemsOf({ ...forwarded, [name]: value })).toEqual([name]);
    }
    expect(problemsOf({ ...forwarded, [name]: 'X-Caller-Subject' })).toEqual([name]);
  });
});
