// Each part that replicas share, with the real Redis on this machine; two instances of a part act as two replicas.
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import type { CancelSignal } from '../../src/domain/cancellation.ts';
import { Failure } from '../../src/domain/failure.ts';
import { type AccessToken, TokenBackOff } from '../../src/ports/token-store.ts';
import { systemClock as clock, createTokenIssuer } from '../../src/upstream/index.ts';
import { createRedisCallWindow } from '../../src/upstream/redis/call-window.ts';
import { createEncryptionKeys, createKeyRing } from '../../src/upstream/redis/encryption-keys.ts';
import { createRedisReadCache } from '../../src/upstream/redis/read-cache.ts';
import { openRedisLink, type RedisLink } from '../../src/upstream/redis/redis-link.ts';
import { createRedisTokenBackOffs } from '../../src/upstream/redis/token-back-offs.ts';
import { createRedisTokenStore } from '../../src/upstream/redis/token-store.ts';
import { openTestRedis, redisIsThere, redisTest } from './redis.fixture.ts';

let testRedis: Awaited<ReturnType<typeof openTestRedis>>;
let links: RedisLink[] = [];
let logLines: string[] = [];

beforeEach(async () => {
  logLines = [];
  if (redisIsThere) testRedis = await openTestRedis();
});
afterEach(async () => {
  for (const link of links) link.close();
  links = [];
  await testRedis?.close();
});

async function openLink(): Promise<RedisLink> {
  const write = (_details: object, message: string) => logLines.push(message);
  const link = await openRedisLink({ server: testRedis.server, clock, log: { info: write, warn: write } });
  links.push(link);
  return link;
}

const keysOf = createKeyRing();
async function aTokenStore() {
  const link = await openLink();
  const backOffs = createRedisTokenBackOffs({ link, clock, keysOf });
  return createRedisTokenStore({ link, clock, keysOf, issueToken: createTokenIssuer({ clock, backOffs }) });
}

/** Token requests whose tokens are numbered in order. */
function createIssuer() {
  let issuedCount = 0;
  return {
    issue: async (): Promise<AccessToken> => {
      issuedCount += 1;
      const text = `t${issuedCount}`;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { text, issuedAtMs: Date.now(), expiresAtMs: Date.now() + 600_000 };
    },
    issuedCount: () => issuedCount,
  };
}

describe('the token store of several replicas', () => {
  redisTest('requests one token for all replicas that need one at the same time', async () => {
    const tokenStores = await Promise.all([aTokenStore(), aTokenStore(), aTokenStore()]);
    const { issue, issuedCount } = createIssuer();
    const got = await Promise.all(
      tokenStores.flatMap((tokenStore) => [
        tokenStore.replace('c', null, issue),
        tokenStore.replace('c', null, issue),
      ]),
    );
    expect(new Set(got.map(({ text }) => text))).toEqual(new Set(['t1']));
    expect(issuedCount()).toBe(1);
    expect((await (await aTokenStore()).get('c'))?.text).toBe('t1');
  });

  redisTest('gives a replica the token that another one has requested meanwhile', async () => {
    const [one, other] = await Promise.all([aTokenStore(), aTokenStore()]);
    const { issue, issuedCount } = createIssuer();
    const first = await one.replace('c', null, issue);
    const second = await one.replace('c', first, issue);
    expect(await other.replace('c', first, issue)).toEqual(second);
    expect(issuedCount()).toBe(2);
  });

  redisTest('does not let a token replace a newer one after its lock has expired', async () => {
    const [slow, fast] = await Promise.all([aTokenStore(), aTokenStore()]);
    const { issue } = createIssuer();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const overtaken = slow.replace('c', null, async () => {
      await held;
      return { ...(await issue()), text: 'too late' };
    });
    // Its lock has expired, as when its process was suspended for longer than the lock lasts.
    await untilSome(async () => (await testRedis.names()).find((name) => name.endsWith(':lock')));
    const lock = (await testRedis.names()).find((name) => name.endsWith(':lock'));
    await testRedis.redis.del(lock ?? '');
    expect((await fast.replace('c', null, issue)).text).toBe('t1');
    letGo();
    expect((await overtaken).text).toBe('t1');
    expect((await (await aTokenStore()).get('c'))?.text).toBe('t1');
  });

  redisTest('lets the next replica request a token when a request has failed', async () => {
    const [one, other] = await Promise.all([aTokenStore(), aTokenStore()]);
    const { issue } = createIssuer();
    const failing = one.replace('c', null, async () => {
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect((await other.replace('c', null, issue)).text).toBe('t1');
  });

  /** Refuses every login, the first for `firstBackOffMs`, the others for ten minutes. */
  function createRefusal(firstBackOffMs: number) {
    const refusals: number[] = [];
    return {
      refusals,
      async issue(_signal: CancelSignal, before: number): Promise<AccessToken> {
        refusals.push(before);
        await new Promise((resolve) => setTimeout(resolve, 20));
        const failure = new Failure('UPSTREAM_AUTH', 'refused for good', { provider: 'IBANERA' });
        throw new TokenBackOff(failure, Date.now() + (before === 0 ? firstBackOffMs : 600_000), before + 1);
      },
    };
  }
  const refused = { code: 'UPSTREAM_AUTH', message: 'refused for good', details: { provider: 'IBANERA' } };

  redisTest(
    'starts a back-off for all replicas when one was refused, and counts their refusals together',
    async () => {
      const tokenStores = await Promise.all([aTokenStore(), aTokenStore(), aTokenStore()]);
      const firstBackOffMs = 1_000;
      const { issue, refusals } = createRefusal(firstBackOffMs);
      const askAll = async () => {
        for (const { status, reason } of (await Promise.allSettled(
          tokenStores.map((tokenStore) => tokenStore.replace('c', null, issue)),
        )) as PromiseRejectedResult[]) {
          expect(status).toBe('rejected');
          expect(reason).toMatchObject(refused);
          expect(reason.details.retryAfterSeconds).toBeGreaterThan(0);
        }
      };
      await askAll();
      expect(refusals).toEqual([0]);
      const names = await testRedis.names();
      expect((await Promise.all(names.map((name) => testRedis.redis.dump(name)))).join('')).not.toContain(
        'refused',
      );
      await clock.sleep(firstBackOffMs);
      await askAll();
      await askAll();
      expect(refusals).toEqual([0, 1]);
      const late = await aTokenStore();
      await expect(late.replace('c', null, issue)).rejects.toMatchObject(refused);
      expect(refusals).toEqual([0, 1]);
      const { issue: issueOther } = createIssuer();
      expect((await late.replace('d', null, issueOther)).text).toBe('t1');
    },
  );

  redisTest('resets the refusals of all replicas when a login succeeds', async () => {
    const [one, other] = await Promise.all([aTokenStore(), aTokenStore()]);
    const { issue: refuse, refusals } = createRefusal(1);
    await expect(one.replace('c', null, refuse)).rejects.toMatchObject(refused);
    await clock.sleep(2);
    const token = await other.replace('c', null, createIssuer().issue);
    await expect(other.replace('c', token, refuse)).rejects.toMatchObject(refused);
    expect(refusals).toEqual([0, 0]);
  });

  redisTest(
    'observes its own back-off while Redis is unreachable, and shares it when Redis is back',
    async () => {
      const one = await aTokenStore();
      testRedis.cut();
      const { issue, refusals } = createRefusal(600_000);
      await expect(one.replace('c', null, issue)).rejects.toMatchObject(refused);
      await expect(one.replace('c', null, issue)).rejects.toMatchObject(refused);
      expect(refusals).toEqual([0]);
      testRedis.mend();
      await untilSome(async () => {
        await one.get('d');
        return (await testRedis.names()).find((name) => name.includes(':rest:'));
      });
      const other = await aTokenStore();
      await expect(other.replace('c', null, issue)).rejects.toMatchObject(refused);
      expect(refusals).toEqual([0]);
    },
  );

  redisTest('keeps credentials apart', async () => {
    const tokenStore = await aTokenStore();
    const { issue } = createIssuer();
    await tokenStore.replace('c', null, issue);
    expect(await tokenStore.get('d')).toBeNull();
  });

  redisTest(
    'keeps using its token while Redis is unreachable, and restores it when Redis has lost it',
    async () => {
      const tokenStore = await aTokenStore();
      const { issue, issuedCount } = createIssuer();
      const token = await tokenStore.replace('c', null, issue);
      await testRedis.forgetAll();
      testRedis.cut();
      expect(await tokenStore.replace('c', null, issue)).toEqual(token);
      testRedis.mend();
      await untilSome(async () => {
        await tokenStore.get('c');
        return logLines.includes('Redis is available again');
      });
      const other = await aTokenStore();
      await untilSome(async () => (await other.get('c')) ?? undefined);
      expect(await other.replace('c', null, issue)).toEqual(token);
      expect(issuedCount()).toBe(1);
    },
  );
});

describe('the read cache of several replicas', () => {
  redisTest('returns a read to every replica with the same credential, and to no other', async () => {
    const [one, other] = await Promise.all(
      [0, 1].map(async () => createRedisReadCache({ link: await openLink(), clock, keysOf })),
    );
    const read = {
      value: { rows: [{ amount: '12345678901234567890.10', note: null }] },
      asOfMs: 1_700_000_000_000,
    };
    await one?.set('c', 'key', read, 60_000);
    expect(await other?.get('c', 'key')).toEqual(read);
    expect(await other?.get('d', 'key')).toBeNull();
    expect(await other?.get('c', 'other key')).toBeNull();
  });

  redisTest('lets one replica read at a time, and gives its read to those that waited', async () => {
    const memories = await Promise.all(
      [0, 1, 2].map(async () => createRedisReadCache({ link: await openLink(), clock, keysOf })),
    );
    let readCount = 0;
    const values = await Promise.all(
      memories.map(async (memory) => {
        const turn = await memory.acquireLease('c', 'key', () => memory.get('c', 'key'), Date.now() + 3_000);
        if (typeof turn !== 'function') return turn.value;
        readCount += 1;
        await memory.set('c', 'key', { value: 'read', asOfMs: Date.now() }, 60_000);
        await turn();
        return 'read';
      }),
    );
    expect([readCount, values]).toEqual([1, ['read', 'read', 'read']]);
  });

  redisTest('does not decrypt under another name or credential, or after any bit was changed', () => {
    const keys = createEncryptionKeys('c');
    const encrypted = keys.encrypt('name', 'text');
    expect(keys.decrypt('name', encrypted)).toBe('text');
    expect(keys.decrypt('other', encrypted)).toBeNull();
    expect(createEncryptionKeys('d').decrypt('name', encrypted)).toBeNull();
    const bytes = Buffer.from(encrypted, 'base64');
    for (const [index, byte] of bytes.entries()) {
      const changed = Buffer.from(bytes);
      changed[index] = byte ^ 1;
      expect(keys.decrypt('name', changed.toString('base64'))).toBeNull();
    }
    expect(keys.decrypt('name', 'short')).toBeNull();
  });
});

describe('the call window of several replicas', () => {
  const rate = { callsPerMinute: 30, burst: 30 };
  const presence = { size: () => 3, missing: () => 0 };
  const openWindows = () =>
    Promise.all(
      [0, 1, 2].map(async () =>
        createRedisCallWindow({ link: await openLink(), clock, name: 'w', rate, presence }),
      ),
    );

  async function takeAll(windows: Awaited<ReturnType<typeof openWindows>>, times: number) {
    const slots = await Promise.all(
      windows.flatMap((window) => Array.from({ length: times }, () => window.take(true))),
    );
    return slots.flatMap((slot) => ('ticket' in slot ? [slot.ticket] : []));
  }

  redisTest('gives all replicas together as many slots as one process', async () => {
    const windows = await openWindows();
    const tickets = await takeAll(windows, 20);
    expect(tickets).toHaveLength(30);
    // Each knows the count that it got with its latest request.
    expect(await takeAll(windows, 1)).toEqual([]);
    expect(windows.map((window) => window.left())).toEqual([0, 0, 0]);
    windows[0]?.giveBack(tickets[0] ?? '');
    await untilSome(async () => ((await takeAll(windows, 1)).length === 1 ? true : undefined));
  });

  redisTest(
    'counts a call that ended long after its slot was taken from its end, and others from their slot',
    async () => {
      const [window] = await openWindows();
      const [late = '', prompt = ''] = await takeAll(window === undefined ? [] : [window], 2);
      const scoreOf = async (ticket: string) =>
        Number(await testRedis.redis.zscore(`${testRedis.prefix}w:slots`, ticket));
      const [lateAt, promptAt] = [await scoreOf(late), await scoreOf(prompt)];
      window?.ended(prompt);
      await clock.sleep(600);
      window?.ended(late);
      await untilSome(async () => ((await scoreOf(late)) >= lateAt + 600 ? true : undefined));
      expect(await scoreOf(prompt)).toBe(promptAt);
    },
  );

  redisTest('stays within the limit when Redis loses all slots', async () => {
    const windows = await openWindows();
    const [one] = windows;
    const before = await takeAll(windows, 9);
    // Each learns what the others have taken.
    await takeAll(windows, 1);
    await testRedis.forgetAll();
    const after = one === undefined ? [] : await takeAll([one], 10);
    expect(before.length + after.length).toBeLessThanOrEqual(30);
    await clock.sleep(3_000);
    expect(before.length + after.length + (await takeAll(windows, 10)).length).toBeLessThanOrEqual(30);
  });

  redisTest('gives each replica its share while Redis is unreachable', async () => {
    const windows = await openWindows();
    // Twice, so that the first one learns of the others.
    for (let round = 0; round < 2; round++) await takeAll(windows, 1);
    testRedis.cut();
    for (const window of windows) {
      // Two of ten were taken before.
      expect(await takeAll([window], 20)).toHaveLength(8);
    }
    expect(new Set(logLines)).toEqual(new Set(['Redis is unavailable; this process continues without it']));
    expect(logLines).toHaveLength(3);
  });

  redisTest('still counts the slots taken before Redis lost them', async () => {
    const windows = await openWindows();
    await takeAll(windows, 5);
    testRedis.cut();
    await takeAll(windows, 1);
    await testRedis.forgetAll();
    testRedis.mend();
    await untilSome(async () => {
      await takeAll(windows, 0);
      return logLines.filter((line) => line === 'Redis is available again').length === 3 ? true : undefined;
    });
    await untilSome(async () => {
      const slots = (await testRedis.names()).find((name) => name.endsWith(':slots'));
      return slots !== undefined && (await testRedis.redis.zcard(slots)) === 15 + 3;
    });
    // Until then, those of other replicas might have been missing.
    await clock.sleep(2_000);
    expect(await takeAll(windows, 20)).toHaveLength(30 - 15 - 3);
  });

  redisTest('pauses all replicas when one was asked to pause', async () => {
    const [one, other] = await openWindows();
    one?.pause(30_000);
    const slot = await untilSome(async () => {
      const taken = await other?.take(false);
      return taken !== undefined && !('ticket' in taken) ? taken : undefined;
    });
    expect(slot.because).toBe('ASKED_TO_WAIT');
  });
});

/** Repeats `ask` until it returns something; the test's time limit ends it. */
async function untilSome<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
