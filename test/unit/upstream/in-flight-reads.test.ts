import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../../src/domain/failure.ts';
import { CappedCallMeter } from '../../../src/graphql/reads/call-meter.ts';
import type { ReadIdentity, ReadUse } from '../../../src/ports/upstream.ts';
import { createUpstream } from '../../../src/upstream/index.ts';
import { aHeldRead, anOperation, aRead } from './a-read.ts';
import { createSteppedClock, settle } from './stepped-clock.ts';

function anUpstream() {
  const clock = createSteppedClock();
  return { clock, upstream: createUpstream({ clock, random: () => 0.5 }) };
}

describe('a read within one operation', () => {
  test('is made once, however often the operation needs it, at once or later', async () => {
    const { upstream } = anUpstream();
    const operation = anOperation();
    let attemptCount = 0;
    const read = aRead({ attempt: async () => `value ${++attemptCount}` });
    await Promise.all([upstream.read(read, operation), upstream.read(read, operation)]);
    expect((await upstream.read(read, operation)).value).toBe('value 1');
    expect([attemptCount, operation.meter.calls]).toEqual([1, 1]);
  });

  test('is made again when it must be new, and later reads see the new value', async () => {
    const { upstream } = anUpstream();
    const operation = anOperation();
    let attemptCount = 0;
    const read = aRead({ attempt: async () => `value ${++attemptCount}` });
    await upstream.read(read, operation);
    expect((await upstream.read(read, { ...operation, maxAgeSeconds: 0 })).value).toBe('value 2');
    expect((await upstream.read(read, operation)).value).toBe('value 2');
  });

  test('is made again after it failed', async () => {
    const { upstream } = anUpstream();
    const operation = anOperation();
    let attemptCount = 0;
    const read = aRead({
      async attempt() {
        attemptCount += 1;
        if (attemptCount === 1) throw new Failure('UPSTREAM_SHAPE', 'odd');
        return 'value';
      },
    });
    await expect(upstream.read(read, operation)).rejects.toMatchObject({ code: 'UPSTREAM_SHAPE' });
    expect((await upstream.read(read, operation)).value).toBe('value');
  });
});

describe('a read in flight', () => {
  test('is shared by concurrent operations, and charged to the first', async () => {
    const { upstream } = anUpstream();
    const { read, attempts } = aHeldRead();
    const operations = Array.from({ length: 50 }, () => anOperation());
    const readings = operations.map((operation) => upstream.read(read, operation));
    await settle();
    expect(attempts).toHaveLength(1);
    attempts[0]?.resolve('value');
    for (const { value } of await Promise.all(readings)) expect(value).toBe('value');
    expect(operations.map(({ meter }) => meter.calls)).toEqual([1, ...Array(49).fill(0)]);
  });

  test('is reported as SHARED to the operations that joined it', async () => {
    const { upstream } = anUpstream();
    const { read, attempts } = aHeldRead();
    const origins: string[] = [];
    const observer = { called() {}, waited() {}, used: ({ origin }: ReadUse) => origins.push(origin) };
    const readings = [1, 2, 3].map(() => upstream.read(read, anOperation({ observer })));
    attempts[0]?.resolve('value');
    await Promise.all(readings);
    expect(origins.sort()).toEqual(['SHARED', 'SHARED', 'UPSTREAM']);
  });

  test('is not shared once it has ended', async () => {
    const { upstream } = anUpstream();
    let attemptCount = 0;
    const read = aRead({ attempt: async () => `value ${++attemptCount}` });
    await upstream.read(read, anOperation());
    expect((await upstream.read(read, anOperation())).value).toBe('value 2');
  });

  const identity: ReadIdentity = aRead().identity;
  const otherParts: { readonly [Part in keyof ReadIdentity]: ReadIdentity[Part] } = {
    ...{ provider: 'NOAH', environment: 'PRODUCTION', credential: 'other', onBehalfOf: 'sub' },
    ...{ method: 'POST', path: '/q', query: { page_number: '1' }, body: '{}' },
  };
  test.each(Object.keys(otherParts) as (keyof ReadIdentity)[])(
    'is not shared with a read of another %s',
    async (part) => {
      const { upstream } = anUpstream();
      const mine = aHeldRead(identity);
      const theirs = aHeldRead({ ...identity, [part]: otherParts[part] });
      const readings = [upstream.read(mine.read, anOperation()), upstream.read(theirs.read, anOperation())];
      await settle();
      mine.attempts[0]?.resolve('mine');
      theirs.attempts[0]?.resolve('theirs');
      expect((await Promise.all(readings)).map(({ value }) => value)).toEqual(['mine', 'theirs']);
    },
  );

  test('continues when one caller disconnects, and is cancelled when the last one does', async () => {
    const { upstream } = anUpstream();
    const { read, attempts } = aHeldRead();
    const leaving = [new AbortController(), new AbortController()];
    const readings = leaving.map(({ signal }) => upstream.read(read, anOperation({ signal })));
    const ends = Promise.allSettled(readings);
    await settle();
    leaving[0]?.abort();
    await settle();
    expect(attempts[0]?.signal.aborted).toBe(false);
    leaving[1]?.abort();
    expect(attempts[0]?.signal.aborted).toBe(true);
    for (const end of await ends) expect(end).toMatchObject({ reason: { code: 'CANCELLED' } });
  });

  test('cannot be joined once it is being cancelled', async () => {
    const { upstream } = anUpstream();
    const { read, attempts } = aHeldRead();
    const leaving = new AbortController();
    const left = upstream.read(read, anOperation({ signal: leaving.signal }));
    await settle();
    leaving.abort();
    const late = upstream.read(read, anOperation());
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    await settle();
    attempts[1]?.resolve('value');
    expect((await late).value).toBe('value');
  });

  test.each([
    ['a millisecond before is not joined', 1, 'new'],
    ['in the same millisecond is joined', 0, 'old'],
  ])('that began %s by a caller who needs a value from now on', async (_when, elapsedMs, value) => {
    const { upstream, clock } = anUpstream();
    const { read, attempts } = aHeldRead();
    const early = upstream.read(read, anOperation());
    await clock.advance(elapsedMs);
    const late = upstream.read(read, anOperation({ freshFromMs: clock.now() }));
    await settle();
    attempts[0]?.resolve('old');
    attempts[1]?.resolve('new');
    expect([(await early).value, (await late).value]).toEqual(['old', value]);
  });

  test('is made by another operation when the first has reached its call limit', async () => {
    const { upstream } = anUpstream();
    const spent = anOperation({ meter: new CappedCallMeter(0) });
    const readings = [upstream.read(aRead(), spent), upstream.read(aRead(), anOperation())];
    await expect(readings[0]).rejects.toMatchObject({ code: 'CALLS_EXCEEDED' });
    expect((await readings[1])?.value).toBe('value');
  });

  test('is retried at the cost of an operation below its call limit', async () => {
    const { upstream, clock } = anUpstream();
    const { read, attempts } = aHeldRead();
    const poor = anOperation({ meter: new CappedCallMeter(1) });
    const rich = anOperation();
    const readings = [upstream.read(read, poor), upstream.read(read, rich)];
    await settle();
    attempts[0]?.reject(new Failure('UPSTREAM_UNAVAILABLE', 'down', { retryable: true }));
    await clock.advance(1_000);
    attempts[1]?.resolve('value');
    for (const { value } of await Promise.all(readings)) expect(value).toBe('value');
    expect([poor.meter.calls, rich.meter.calls]).toEqual([1, 1]);
  });
});
