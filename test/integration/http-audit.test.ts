// GraphQL over HTTP: the public audit suite against the real server, and what it does not cover.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { startTestGateway, type TestGateway } from './gateway.fixture.ts';

let door: TestGateway;
beforeAll(async () => {
  door = await startTestGateway();
});
afterAll(() => door.close());

const audits = serverAudits({ url: () => door.gateway.url, fetchFn: fetch });
// A browser sends such a GET without a preflight: refused on purpose, which the suite allows (MAY).
const refusedOnPurpose = ['5A70', 'D6D5', '6A70'];

test('the suite is the known one, with MUST and SHOULD audits', () => {
  expect(audits.filter(({ name }) => /^(MUST|SHOULD)/.test(name)).length).toBeGreaterThan(35);
});

test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
  '%s %s',
  async (id, _name, audit) => {
    const result = await audit.fn();
    const expected = refusedOnPurpose.includes(id) ? 'notice' : 'ok';
    expect([result.status, 'reason' in result ? result.reason : '']).toEqual([
      expected,
      expected === 'ok' ? '' : expect.any(String),
    ]);
  },
);

describe('status of an operation that is refused before execution', () => {
  test.each([
    ['application/json', 200],
    ['*/*', 200],
    ['application/*', 200],
    ['text/html, application/json', 200],
    ['application/json, application/graphql-response+json', 200],
    ['application/graphql-response+json', 400],
    ['application/graphql-response+json, application/json', 400],
    ['application/graphql-response+json;q=0.5, application/json', 200],
    ['application/graphql-response+json, application/json;q=0.9', 400],
    ['application/graphql-response+json; charset=utf-8, */*;q=0.1', 400],
  ])('accept %s: %i, in the media type the status is meant for', async (accept, status) => {
    for (const query of ['{ unknown }', '{', 'query ($n: Int!) { balances(first: $n) { totalCount } }']) {
      const response = await door.post({ query }, { accept });
      expect(response.status).toBe(status);
      const mediaType = response.headers.get('content-type')?.split(';')[0];
      expect(mediaType).toBe(status === 200 ? 'application/json' : 'application/graphql-response+json');
      expect(response.answer.data).toBeUndefined();
    }
  });

  test('a malformed request gets 400, with or without credentials', async () => {
    for (const body of [{}, { query: 7 }, [], { query: '{ __typename }', variables: 'x' }]) {
      expect((await door.post(body, { accept: 'application/json' })).status).toBe(400);
    }
  });

  test('no acceptable media type: 406', async () => {
    expect((await door.post({ query: '{ __typename }' }, { accept: 'text/html' })).status).toBe(406);
  });
});

test('a request that a browser sends without a preflight is refused', async () => {
  const bare = await fetch(`${door.gateway.url}?query=%7B__typename%7D`);
  expect(bare.status).toBe(400);
  expect(await bare.text()).toContain('CSRF');
  const form = await fetch(door.gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{"query":"{__typename}"}',
  });
  expect(form.status).toBe(415);
});
