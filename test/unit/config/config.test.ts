import { describe, expect, test } from '@jest/globals';
import { openConnections } from '../../../src/app/connections.ts';
import type { Config } from '../../../src/config/config.ts';
import { ConfigError } from '../../../src/config/config-error.ts';
import { deriveCursorKey } from '../../../src/config/cursor-key.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { RemoteUqpay } from '../../../src/config/uqpay-source.ts';
import fc from '../../support/fast-check.ts';

const pair = { UQPAY_CLIENT_ID: 'client-1', UQPAY_API_KEY: 'key-1' };
const sandboxUrl = 'https://api-sandbox.uqpaytech.com/api';

function problemsOf(env: Record<string, string | undefined>): Record<string, string> {
  try {
    loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.problems.map(({ name, problem }) => [name, problem]));
  }
  return {};
}

function messageOf(env: Record<string, string | undefined>): string {
  try {
    loadConfig(env);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}

function remote(env: Record<string, string | undefined>): RemoteUqpay {
  const { uqpay } = loadConfig(env);
  if (uqpay?.mode !== 'remote') throw new Error('expected credentials to be used');
  return uqpay;
}

describe('defaults', () => {
  test('without any variable: loopback, port 4000, the embedded sandboxes', () => {
    expect(loadConfig({})).toEqual({
      callbackHosts: [],
      history: null,
      host: '127.0.0.1',
      port: 4000,
      live: { budgetShare: 0.5, intervalMinMs: 5_000 },
      webhooks: { uqpaySecret: null, ibaneraSecret: null, noahPublicKeys: [] },
      streams: { streamsMax: 10_000, streamsPerCallerMax: 0 },
      logLevel: 'info',
      concurrentOperationsMax: 64,
      requestTimeoutMs: 10_000,
      upstreamCallsPerOperationMax: 100,
      upstreamHttpClient: 'got',
      upstreamConnectionsMax: 64,
      queryLimits: {
        length: 50_000,
        tokens: 4_000,
        fragments: 100,
        directives: 100,
        directivesPerLocation: 5,
        aliases: 100,
        depth: 16,
        breadth: 100,
        fields: 5_000,
        listItems: 1_000,
        cost: 20_000,
      },
      cursorSecret: null,
      cache: {
        balanceMaxAgeSeconds: 5,
        transactionMaxAgeSeconds: 5,
        accountMaxAgeSeconds: 60,
        exchangeRateMaxAgeSeconds: 60,
        staleMaxAgeSeconds: 60,
        staleAfterMs: 500,
        bytesMax: 67_108_864,
      },
      redis: null,
      redisTimeoutMs: 1_000,
      replicas: null,
      cacheScope: 'private',
      dashboard: true,
      explorer: true,
      mcp: { anyOperation: false },
      introspection: true,
      compiledExecution: true,
      corsOrigins: null,
      anyHostName: false,
      auth: { mode: 'none' },
      rates: { requestsPerMinute: 0, failedCredentialsPerMinute: 30 },
      trustedProxies: [],
      persisted: { mode: 'apq' },
      uqpay: { mode: 'embedded', rateLimitPerMinute: 200 },
      ibanera: { mode: 'embedded', transactions: true, rateLimitPerMinute: null },
      noah: { mode: 'embedded', rateLimitPerMinute: null },
      metrics: { port: null },
      traces: null,
      shutdownDelayMs: 0,
      sandboxActivity: null,
    });
  });

  test('an empty string counts as not set', () => {
    const names = [
      'HOST',
      'PORT',
      'LOG_LEVEL',
      'CURSOR_SECRET',
      'UQPAY_BASE_URL',
      'UQPAY_CLIENT_ID',
      'UQPAY_API_KEY',
    ];
    expect(loadConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(loadConfig({}));
  });

  test('variables of other programs are ignored', () => {
    expect(loadConfig({ PATH: '/bin', HOME: '/', MY_UQPAY_KEY: 'x' })).toEqual(loadConfig({}));
  });
});

describe('numbers and words', () => {
  test.each([
    ['PORT', 'port', '0', 0],
    ['PORT', 'port', '65535', 65_535],
    ['REQUEST_TIMEOUT_MS', 'requestTimeoutMs', '100', 100],
    ['REQUEST_TIMEOUT_MS', 'requestTimeoutMs', '120000', 120_000],
    ['MAX_UPSTREAM_CALLS_PER_OPERATION', 'upstreamCallsPerOperationMax', '1', 1],
    ['MAX_UPSTREAM_CALLS_PER_OPERATION', 'upstreamCallsPerOperationMax', '10000', 10_000],
    ['LOG_LEVEL', 'logLevel', 'silent', 'silent'],
    ['UPSTREAM_HTTP_CLIENT', 'upstreamHttpClient', 'undici', 'undici'],
    ['UPSTREAM_MAX_CONNECTIONS', 'upstreamConnectionsMax', '256', 256],
    ['HOST', 'host', '::1', '::1'],
    ['HOST', 'host', '0.0.0.0', '0.0.0.0'],
    ['HOST', 'host', 'gateway.internal', 'gateway.internal'],
  ] as const)('%s is %s = %s', (name, field, value, expected) => {
    expect(loadConfig({ AUTH: 'none', [name]: value })[field satisfies keyof Config]).toBe(expected);
  });

  test.each([
    ['PORT', '65536', '0 to 65535'],
    ['PORT', '-1', '0 to 65535'],
    ['PORT', '4e3', '0 to 65535'],
    ['PORT', '0x50', '0 to 65535'],
    ['PORT', ' 80', '0 to 65535'],
    ['PORT', '80.5', '0 to 65535'],
    ['PORT', '٤٠٠٠', '0 to 65535'],
    ['REQUEST_TIMEOUT_MS', '99', '100 to 120000'],
    ['REQUEST_TIMEOUT_MS', '120001', '100 to 120000'],
    ['MAX_UPSTREAM_CALLS_PER_OPERATION', '0', '1 to 10000'],
    ['UQPAY_RATE_LIMIT_PER_MINUTE', '1000001', '0 to 1000000'],
    ['UQPAY_RATE_LIMIT_PER_MINUTE', '-1', '0 to 1000000'],
    ['LOG_LEVEL', 'verbose', 'fatal, error, warn, info, debug, trace, silent'],
    ['UPSTREAM_MAX_CONNECTIONS', '0', '1 to 10000'],
    ['UPSTREAM_HTTP_CLIENT', 'node', 'must be one of got, undici; it is "node"'],
    ['HOST', 'two words', 'IP address or a host name'],
    ['HOST', 'http://127.0.0.1', 'IP address or a host name'],
  ])('%s %j is refused with what is allowed and what it is', (name, value, allowed) => {
    const problems = problemsOf({ AUTH: 'none', [name]: value });
    expect(Object.keys(problems)).toEqual([name]);
    expect(problems[name]).toContain(allowed);
    expect(problems[name]).toContain(JSON.stringify(value));
  });
});

describe('UQPAY credentials', () => {
  test('one pair serves all three lines, against the sandbox', () => {
    const credential = { clientId: 'client-1', apiKey: 'key-1' };
    expect(remote(pair)).toEqual({
      mode: 'remote',
      baseUrl: sandboxUrl,
      environment: 'SANDBOX',
      lines: { banking: credential, issuing: credential, payment: credential },
      rateLimitPerMinute: 200,
    });
  });

  test('a line with its own pair uses that one, the others the general one', () => {
    const { lines } = remote({
      ...pair,
      UQPAY_ISSUING_CLIENT_ID: 'client-2',
      UQPAY_ISSUING_API_KEY: 'key-2',
    });
    expect(lines.issuing).toEqual({ clientId: 'client-2', apiKey: 'key-2' });
    expect([lines.banking?.clientId, lines.payment?.clientId]).toEqual(['client-1', 'client-1']);
  });

  test('with pairs of single lines only, a line without any is absent', () => {
    const { lines } = remote({ UQPAY_PAYMENT_CLIENT_ID: 'client-3', UQPAY_PAYMENT_API_KEY: 'key-3' });
    expect(lines).toEqual({ payment: { clientId: 'client-3', apiKey: 'key-3' } });
  });

  test.each([
    ['UQPAY_CLIENT_ID', 'UQPAY_API_KEY'],
    ['UQPAY_API_KEY', 'UQPAY_CLIENT_ID'],
    ['UQPAY_BANKING_CLIENT_ID', 'UQPAY_BANKING_API_KEY'],
    ['UQPAY_ISSUING_API_KEY', 'UQPAY_ISSUING_CLIENT_ID'],
    ['UQPAY_PAYMENT_CLIENT_ID', 'UQPAY_PAYMENT_API_KEY'],
  ])('%s alone: %s is missing', (given, missing) => {
    expect(problemsOf({ [given]: 'abc' })).toEqual({
      [missing]: `is not set, but ${given} is; set both or neither`,
    });
  });

  test.each(['with blank', 'line\nbreak', 'ümlaut', '\u0000', '\u007f', 'x'.repeat(1025)])(
    'a key that does not fit a header (%j) is refused without showing it',
    (value) => {
      const message = messageOf({ ...pair, UQPAY_API_KEY: value });
      expect(message).toContain('UQPAY_API_KEY must be 1 to 1024 visible ASCII characters');
      expect(message).not.toContain(value);
    },
  );

  test('the error for a base URL without credentials says what to do', () => {
    expect(problemsOf({ UQPAY_BASE_URL: sandboxUrl })).toEqual({
      UQPAY_BASE_URL: expect.stringContaining('set UQPAY_CLIENT_ID and UQPAY_API_KEY too'),
    });
  });

  test.each([
    ['UQPAY_CLIENTID', 'UQPAY_CLIENT_ID'],
    ['UQPAY_APIKEY', 'UQPAY_API_KEY'],
    ['UQPAY_URL', 'UQPAY_BASE_URL'],
    ['UQPAY_BANKING_APIKEY', 'UQPAY_BANKING_API_KEY'],
    ['UQPAY_RATE_LIMIT', 'UQPAY_RATE_LIMIT_PER_MINUTE'],
    ['uqpay_client_id', 'UQPAY_CLIENT_ID'],
  ])('the unknown name %s is refused; %s is meant', (name, meant) => {
    expect(problemsOf({ ...pair, [name]: 'some-value' })).toEqual({
      [name]: `is not a variable of this gateway; did you mean ${meant}?`,
    });
  });
});

describe('UQPAY_BASE_URL', () => {
  test.each([
    [sandboxUrl, sandboxUrl, 'SANDBOX'],
    [`${sandboxUrl}/`, sandboxUrl, 'SANDBOX'],
    ['https://api.uqpay.com/api', 'https://api.uqpay.com/api', 'PRODUCTION'],
    ['https://API.uqpay.com/api//', 'https://api.uqpay.com/api', 'PRODUCTION'],
    ['http://127.0.0.1:4100/api', 'http://127.0.0.1:4100/api', 'SANDBOX'],
    ['http://localhost:4100/api', 'http://localhost:4100/api', 'SANDBOX'],
    ['http://[::1]:4100/api', 'http://[::1]:4100/api', 'SANDBOX'],
    ['http://127.0.0.1:4100', 'http://127.0.0.1:4100', 'SANDBOX'],
    ['https://uqpay.proxy.example/api', 'https://uqpay.proxy.example/api', 'PRODUCTION'],
    [
      'https://api-sandbox.uqpaytech.com.evil.example/api',
      'https://api-sandbox.uqpaytech.com.evil.example/api',
      'PRODUCTION',
    ],
  ])('%s is %s, %s', (value, baseUrl, environment) => {
    expect(remote({ ...pair, UQPAY_BASE_URL: value })).toMatchObject({ baseUrl, environment });
  });

  test.each([
    ['http://api.uqpay.com/api', 'must start with https://; plain http is allowed for this machine only'],
    ['http://127.0.0.1.evil.example/api', 'must start with https://'],
    ['ftp://api.uqpay.com/api', 'must start with https://'],
    ['api.uqpay.com/api', 'must be an absolute URL'],
    [' https://api.uqpay.com/api', 'must be an absolute URL'],
    ['https://api.uqpay.com/\tapi', 'must be an absolute URL'],
    ['https://me:hunter2@api.uqpay.com/api', 'must not contain a user name'],
    ['https://api.uqpay.com/api?key=hunter2', 'must not contain a user name, a password, a query'],
    ['https://api.uqpay.com/api?', 'must not contain'],
    ['https://api.uqpay.com/api#x', 'must not contain'],
    ['https://api.uqpay.com', 'must end with /api'],
    ['https://api.uqpay.com/api/v1', 'must end with /api'],
  ])('%j is refused: %s', (value, problem) => {
    const message = messageOf({ ...pair, UQPAY_BASE_URL: value });
    expect(message).toContain(`UQPAY_BASE_URL ${problem}`);
    expect(message).not.toContain('hunter2');
  });
});

describe('messages', () => {
  test('every problem is in one message, one line each', () => {
    const message = messageOf({ PORT: 'x', LOG_LEVEL: 'loud', UQPAY_CLIENT_ID: 'a', UQPAY_KEY: 'b' });
    expect(message.split('\n')).toHaveLength(5);
    for (const name of ['PORT', 'LOG_LEVEL', 'UQPAY_API_KEY', 'UQPAY_KEY'])
      expect(message).toContain(`  ${name} `);
  });

  test('no value of a secret is ever in a message', () => {
    const secretNames = [
      'UQPAY_CLIENT_ID',
      'UQPAY_API_KEY',
      'UQPAY_BANKING_API_KEY',
      'CURSOR_SECRET',
      'UQPAY_TYPO',
    ];
    const secret = fc.string({ minLength: 3, maxLength: 12 }).map((tail) => `§${tail}`);
    return fc.assert(
      fc.property(fc.constantFrom(...secretNames), secret, (name, value) => {
        const message = messageOf({ [name]: value });
        expect(message).not.toBe('');
        expect(message).not.toContain(value);
      }),
    );
  });

  test('a value too long for a number or an enum value is not shown either', () => {
    expect(messageOf({ PORT: 'pasted-into-the-wrong-variable' })).not.toContain('pasted');
  });

  test('CURSOR_SECRET has at least 16 characters', () => {
    expect(loadConfig({ CURSOR_SECRET: 'x'.repeat(16) }).cursorSecret).toBe('x'.repeat(16));
    expect(problemsOf({ CURSOR_SECRET: 'x'.repeat(15) })).toEqual({
      CURSOR_SECRET: 'must have at least 16 characters',
    });
  });
});

describe('cursor key', () => {
  const ibanera = {
    IBANERA_BASE_URL: 'https://ibanera.example',
    IBANERA_USERNAME: 'user',
    IBANERA_PASSWORD: 'password',
    IBANERA_TOTP_SECRET: 'ABCDEFGH',
  };
  const keyOf = async (env: Record<string, string>) => {
    const config = loadConfig(env);
    const connections = await openConnections(config, []);
    const credentials = connections.map(({ code, credentials }) => [code, credentials] as const);
    await Promise.all(connections.map(({ close }) => close()));
    return Buffer.from(deriveCursorKey(config.cursorSecret, credentials)).toString('hex');
  };

  test('replicas with the same credentials, or the same secret, have the same 32 bytes', async () => {
    expect(await keyOf(pair)).toHaveLength(64);
    expect(await keyOf(pair)).toBe(await keyOf({ ...pair, PORT: '5000' }));
    const secret = 'a secret of our own';
    expect(await keyOf({ ...pair, CURSOR_SECRET: secret })).toBe(await keyOf({ CURSOR_SECRET: secret }));
  });

  test('it is the same at every start of the embedded sandboxes', async () => {
    expect(await keyOf({})).toBe(await keyOf({}));
  });

  test('every other source of it yields another key', async () => {
    const keys = await Promise.all([
      keyOf({}),
      keyOf(pair),
      keyOf({ ...pair, UQPAY_API_KEY: 'key-2' }),
      keyOf({ UQPAY_CLIENT_ID: 'client-1k', UQPAY_API_KEY: 'ey-1' }),
      keyOf({ UQPAY_ISSUING_CLIENT_ID: 'client-1', UQPAY_ISSUING_API_KEY: 'key-1' }),
      keyOf({ UQPAY_PAYMENT_CLIENT_ID: 'client-1', UQPAY_PAYMENT_API_KEY: 'key-1' }),
      keyOf({ CURSOR_SECRET: 'a secret of our own' }),
      keyOf(ibanera),
      keyOf({ ...ibanera, IBANERA_TOTP_SECRET: 'ABCDEFGI' }),
      keyOf({ ...ibanera, ...pair }),
      keyOf({ ...ibanera, NOAH_API_KEY: 'apikey_sandbox_1' }),
      keyOf({ NOAH_API_KEY: 'apikey_sandbox_1' }),
      keyOf({ NOAH_API_KEY: 'apikey_sandbox_2' }),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
