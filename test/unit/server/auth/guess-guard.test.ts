// How many credentials an address can try, and who must not be affected.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { anonymous } from '../../../../src/domain/caller.ts';
import { Failure } from '../../../../src/domain/failure.ts';
import { createAuthenticator, guardGuesses } from '../../../../src/server/auth/index.ts';
import { createMemoryCounter } from '../../../../src/server/rate-limit/index.ts';
import { originAt } from '../../../support/origin.ts';

beforeEach(() => {
  jest.useFakeTimers({ now: 1_900_000_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

const clock = { now: () => Date.now(), sleep: async () => {} };
const office = originAt('192.0.2.1');
const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });

/** Accepts credentials that begin with "good", and counts its checks. */
function createGuarded(failedPerMinute = 3) {
  let checks = 0;
  const authenticate = guardGuesses(
    async ({ authorization }) => {
      checks += 1;
      if (String(authorization).startsWith('Bearer good')) return anonymous;
      if (String(authorization).startsWith('Bearer poor')) throw new Failure('FORBIDDEN', 'No rights.');
      throw new Failure('UNAUTHENTICATED', 'Not good.');
    },
    { counter: createMemoryCounter(), failedPerMinute, clock },
  );
  return { authenticate, checks: () => checks };
}

const notGood = { code: 'UNAUTHENTICATED' };
const refused = { code: 'RATE_LIMITED', details: { retryable: true, retryAfterSeconds: 60 } };

test('after too many bad ones, an unknown credential is refused unchecked until the minute is over', async () => {
  const { authenticate, checks } = createGuarded();
  for (const guess of ['a', 'b', 'c']) {
    await expect(authenticate(bearer(guess), office)).rejects.toMatchObject(notGood);
  }
  await expect(authenticate(bearer('good, but never seen'), office)).rejects.toMatchObject(refused);
  expect(checks()).toBe(3);
  jest.advanceTimersByTime(60_000);
  await expect(authenticate(bearer('good, but never seen'), office)).resolves.toBe(anonymous);
});

test('others at the address whose credential was accepted before are not locked out, nor is another address', async () => {
  const { authenticate } = createGuarded();
  await authenticate(bearer('good neighbour'), office);
  for (const guess of ['a', 'b', 'c', 'd', 'e']) {
    await authenticate(bearer(guess), office).catch(() => {});
  }
  await expect(authenticate(bearer('good neighbour'), office)).resolves.toBe(anonymous);
  await expect(authenticate(bearer('good elsewhere'), originAt('192.0.2.2'))).resolves.toBe(anonymous);
});

test('a dashboard that keeps sending its expired credential makes one guess, not many', async () => {
  const { authenticate } = createGuarded();
  for (let n = 0; n < 20; n += 1) {
    await expect(authenticate(bearer('expired'), office)).rejects.toMatchObject(notGood);
  }
  await expect(authenticate(bearer('good and new'), office)).resolves.toBe(anonymous);
});

test('neither good credentials, nor those without rights, nor requests without one are guesses', async () => {
  const { authenticate } = createGuarded();
  for (let n = 0; n < 20; n += 1) {
    await authenticate(bearer(`good ${n}`), office);
    await authenticate(bearer(`poor ${n}`), office).catch(() => {});
    await authenticate({}, office).catch(() => {});
  }
  await expect(authenticate(bearer('a'), office)).rejects.toMatchObject(notGood);
});

test('a trusted proxy that does not name its client is not counted', async () => {
  const { authenticate } = createGuarded();
  const router = { ...office, isClientKnown: false };
  for (let n = 0; n < 20; n += 1) {
    await expect(authenticate(bearer(`guess ${n}`), router)).rejects.toMatchObject(notGood);
  }
});

test('0 means no limit', async () => {
  const { authenticate, checks } = createGuarded(0);
  for (let n = 0; n < 50; n += 1) await authenticate(bearer(`guess ${n}`), office).catch(() => {});
  expect(checks()).toBe(50);
});

test('a credential that was sent twice is refused by the authenticator itself', async () => {
  const authenticate = await createAuthenticator({ mode: 'keys', keys: [] });
  await expect(authenticate({ authorization: ['Bearer a', 'Bearer b'] }, office)).rejects.toMatchObject(
    notGood,
  );
});
