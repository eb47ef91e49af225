import { describe, expect, test } from '@jest/globals';
import { anonymous, type Caller, parseGrant } from '../../../src/domain/caller.ts';
import type {
  CacheableRequest,
  CachedResponse,
  ResponseBasis,
  UsedRead,
} from '../../../src/ports/response-cache.ts';
import { createResponseCache } from '../../../src/server/response-cache.ts';

const startMs = 1_800_000_000_000;
const request: CacheableRequest = {
  caller: anonymous,
  contentType: 'application/json',
  body: '{"query":"{ balances }"}',
};
const answer: CachedResponse = {
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'private, max-age=5', age: '0' },
  body: '{"data":{}}',
  operation: null,
};

function aUsedRead(key: string, asOfMs = startMs): UsedRead {
  return { key, wholeKey: null, asOfMs, freshUntilMs: asOfMs + 5_000 };
}

/** A response cache over reads; those in `gone` are no longer cached. */
function setUp(bytesMax = 1_000_000) {
  const gone = new Set<string>();
  const clock = { nowMs: startMs };
  const cachedReads = { isCurrent: ({ key }: UsedRead) => !gone.has(key) };
  return { gone, clock, answers: createResponseCache({ cachedReads, now: () => clock.nowMs, bytesMax }) };
}

const basis: ResponseBasis = { reads: [aUsedRead('a', startMs - 2_000), aUsedRead('b')] };
const callerOf = (fields: Partial<Caller>): Caller => ({ ...anonymous, ...fields });
const grantsOf = (text: string) => [parseGrant(text)].flatMap((grant) => (grant === null ? [] : [grant]));

describe('a cached response', () => {
  test('is sent again unchanged, with the age of the oldest read behind it', () => {
    const { answers, clock } = setUp();
    expect(answers.find(request)).toBeNull();
    answers.keep(request, answer, basis);
    clock.nowMs += 1_500;
    expect(answers.find(request)).toEqual({ ...answer, headers: { ...answer.headers, age: '3' } });
    // Another object, the same caller.
    expect(answers.find({ ...request, caller: { ...anonymous } })?.body).toBe(answer.body);
  });

  test.each<[string, Partial<CacheableRequest>]>([
    ['subject', { caller: callerOf({ subject: 'other' }) }],
    ['scopes', { caller: callerOf({ scopes: ['balances:read'] }) }],
    ['accounts', { caller: callerOf({ grants: grantsOf('UQPAY/master') }) }],
    ['content type', { contentType: 'application/graphql-response+json' }],
    ['body', { body: '{"query":"{ balances }" }' }],
  ])('is not given to a request with another %s', (_name, other) => {
    const { answers } = setUp();
    answers.keep(request, answer, basis);
    expect(answers.find({ ...request, ...other })).toBeNull();
    answers.keep({ ...request, ...other }, { ...answer, body: 'theirs' }, basis);
    expect(answers.find(request)?.body).toBe(answer.body);
  });

  test('is evicted as soon as one read behind it is no longer cached', () => {
    const { answers, gone } = setUp();
    answers.keep(request, answer, basis);
    gone.add('b');
    expect(answers.find(request)).toBeNull();
    gone.clear();
    expect(answers.find(request)).toBeNull();
  });

  test('is not cached if a read behind it is already gone', () => {
    const { answers, gone } = setUp();
    gone.add('a');
    answers.keep(request, answer, basis);
    gone.clear();
    expect(answers.find(request)).toBeNull();
  });

  test('is not cached if it has too many reads, X', () => {
    const { answers } = setUp();
    const many = Array.from({ length: 201 }, (_, index) => aUsedRead(String(index)));
    answers.keep(request, answer, { reads: many });
    expect(answers.find(request)).toBeNull();
    const long = { ...request, body: 'x'.repeat(16_385) };
    answers.keep(long, answer, basis);
    expect(answers.find(long)).toBeNull();
  });

  test('is evicted for newer ones, and none takes more than its share', () => {
    const { answers } = setUp(100_000);
    const asked = Array.from({ length: 200 }, (_, index) => ({ ...request, body: `request ${index}` }));
    for (const each of asked) answers.keep(each, answer, basis);
    const kept = asked.filter((each) => answers.find(each) !== null);
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.length).toBeLessThanOrEqual(100_000 / 2_048);
    expect(kept.at(-1)).toBe(asked.at(-1));
    answers.keep(request, { ...answer, body: 'x'.repeat(10_000) }, basis);
    expect(answers.find(request)).toBeNull();
  });
});
