// What browsers get at `/` and `/explorer`, and who may read the schema.
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import {
  accountQuery,
  balancesQuery,
  pasteQuery,
  shellQuery,
  totalsQuery,
  transactionsQuery,
} from '../../src/app/example-queries.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const home = (door: TestGateway, headers: Record<string, string>, path = '/') =>
  fetch(new URL(path, door.gateway.url), { headers });

async function statusOf(asked: Promise<Response>): Promise<number> {
  const response = await asked;
  await response.arrayBuffer();
  return response.status;
}

describe('in development', () => {
  let door: TestGateway;
  beforeAll(async () => {
    door = await startTestGateway();
  });
  afterAll(() => door.close());

  test('browsers get the explorer, compressed, with its own content security policy', async () => {
    const response = await home(door, html, '/explorer');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('content-security-policy')).toContain('script-src');
    expect(response.headers.get('vary')).toContain('accept');
    expect(await response.text()).toContain('query FirstLook');
  });

  test('one that does not accept gzip gets it uncompressed', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<{ encoding: unknown; start: string }>();
    const request = httpRequest(new URL('/explorer', door.gateway.url), { headers: html }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const start = Buffer.concat(chunks).toString('utf8').trimStart().slice(0, 15);
        resolve({ encoding: response.headers['content-encoding'], start });
      });
    });
    request.on('error', reject).end();
    expect(await promise).toEqual({ encoding: undefined, start: '<!doctype html>' });
  });

  test('callers who do not read it cannot have it generated repeatedly', async () => {
    const port = Number(new URL(door.gateway.url).port);
    const ask = 'GET /explorer HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n\r\n';
    const sockets = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').pause());
    for (const socket of sockets) socket.on('error', () => {}).write(ask.repeat(8));
    let refused = await home(door, html, '/explorer');
    while (refused.status !== 503) {
      await refused.arrayBuffer();
      refused = await home(door, html, '/explorer');
    }
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await refused.text()).toContain('Try again in 2 s.');
    for (const socket of sockets) socket.destroy();
    while ((await statusOf(home(door, html, '/explorer'))) !== 200);
  });

  test('a client that already has it gets 304', async () => {
    const first = await home(door, html, '/explorer');
    await first.arrayBuffer();
    const again = await home(
      door,
      { ...html, 'if-none-match': first.headers.get('etag') ?? '' },
      '/explorer',
    );
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  test('at / browsers get the dashboard, whose files may be cached forever', async () => {
    const response = await home(door, html);
    const page = await response.text();
    expect(page).toContain('<div id="page">');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const [, script = ''] = /<script type="module" src="([^"]+)"/.exec(page) ?? [];
    expect(script).toMatch(/^dashboard\/[0-9a-f]+\/main\.js$/);
    const file = await home(door, { accept: '*/*' }, `/${script}`);
    expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(file.headers.get('cache-control')).toContain('immutable');
    expect(await file.text()).toContain("from './app.js'");
    expect((await home(door, html, '/dashboard/0000000000000000/main.js')).status).toBe(404);
  });

  test('curl gets the text', async () => {
    const response = await home(door, { accept: '*/*' });
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('The balances gateway answers GraphQL.');
  });

  test('the schema can be read', async () => {
    const { answer } = await door.post({ query: '{ __schema { queryType { name } } }' });
    expect(answer).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
  });
});

test('without the dashboard the explorer is at /', async () => {
  const door = await startTestGateway({ DASHBOARD: 'off' });
  const response = await home(door, html);
  expect(await response.text()).toContain('query FirstLook');
  await door.close();
});

describe('switched off', () => {
  let door: TestGateway;
  beforeAll(async () => {
    door = await startTestGateway({ EXPLORER: 'off', INTROSPECTION: 'off' });
  });
  afterAll(() => door.close());

  test('browsers get the text too', async () => {
    const response = await home(door, html);
    expect(response.headers.get('content-type')).toContain('text/plain');
  });

  test('the schema cannot be read or guessed from suggestions', async () => {
    for (const query of [
      '{ __schema { queryType { name } } }',
      '{ ...F } fragment F on Query { x: __type(name: "Query") { fields { name } } }',
      '{ _service { sdl } }',
    ]) {
      const { answer } = await door.post({ query });
      expect(answer.data).toBeUndefined();
      expect(answer.errors?.[0]?.message).toContain('INTROSPECTION is off');
    }
    expect((await door.post({ query: '{ __typename }' })).answer.data).toEqual({ __typename: 'Query' });
    const guess = await door.post({
      query: '{ balance(curency: "USD") { curency } acounts { totalCount } }',
    });
    expect(guess.answer.errors).not.toHaveLength(0);
    expect(guess.text).not.toContain('Did you mean');
    const byVariable = await door.post({
      query: 'query ($ledger: Ledger!) { balance(currency: "USD", ledger: $ledger) { id } }',
      variables: { ledger: 'BANKIN' },
    });
    expect(byVariable.answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(byVariable.text).toContain('BANKIN');
    expect(byVariable.text).not.toMatch(/Did you mean|BANKING/);
  });
});

test('every example operation is valid', () => {
  const schema = createSchema();
  for (const query of [shellQuery, pasteQuery, balancesQuery, totalsQuery, transactionsQuery, accountQuery]) {
    expect(validate(schema, parse(query))).toEqual([]);
  }
  expect(validate(buildSchema('type Query { a: Int }'), parse(pasteQuery))).not.toEqual([]);
});
