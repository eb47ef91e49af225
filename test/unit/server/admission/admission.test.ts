import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Cancellation } from '../../../../src/domain/cancellation.ts';
import type { Failure } from '../../../../src/domain/failure.ts';
import type { OperationSlot } from '../../../../src/ports/admission.ts';
import { type AdmissionLimits, createAdmission } from '../../../../src/server/admission/index.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** An admission, and its decisions, in the order in which operations were admitted or refused. */
function open(operationsMax: number, limits: Partial<AdmissionLimits> = {}) {
  let memoryUsed = 0.1;
  const admission = createAdmission({ operationsMax, memory: { used: () => memoryUsed }, limits });
  const seen: string[] = [];
  const places = new Map<string, OperationSlot>();
  return {
    admission,
    seen,
    useMemory(share: number) {
      memoryUsed = share;
    },
    async ask(callerKey: string, name: string, signal = new Cancellation()): Promise<void> {
      try {
        places.set(name, await admission.enter(callerKey, signal));
        seen.push(name);
      } catch (error) {
        seen.push(`${name} ${(error as Failure).code}`);
      }
    },
    place: (name: string) => places.get(name) as OperationSlot,
  };
}

const soon = () => jest.advanceTimersByTimeAsync(0);

describe('concurrent operations', () => {
  test('one caller alone gets seven eighths, and the next caller is still admitted', async () => {
    const { admission, ask } = open(16);
    for (let index = 0; index < 20; index++) void ask('a', `a${index}`);
    await soon();
    expect(admission.report().operations).toMatchObject({ running: 14, units: 14, waiting: 6 });
    await ask('b', 'b0');
    expect(admission.report().operations).toMatchObject({ running: 15, waiting: 6 });
  });

  test('waiting operations are admitted round-robin by caller', async () => {
    const { ask, seen, place } = open(2);
    await ask('a', 'a0');
    for (const name of ['a1', 'a2', 'a3']) void ask('a', name);
    await ask('b', 'b0');
    for (const name of ['b1', 'c0']) void ask(name.slice(0, 1), name);
    place('b0').release();
    await soon();
    place('a0').release();
    await soon();
    for (const name of ['b1', 'a1', 'c0', 'a2']) {
      place(name)?.release();
      await soon();
    }
    expect(seen).toEqual(['a0', 'b0', 'b1', 'a1', 'c0', 'a2', 'a3']);
  });

  test('a freed slot is passed on in the next event-loop tick, and cannot be taken before', async () => {
    const { ask, seen, place } = open(1);
    await ask('a', 'a0');
    void ask('a', 'a1');
    await soon();
    place('a0').release();
    void ask('b', 'b0');
    for (let tick = 0; tick < 10; tick++) await null;
    expect(seen).toEqual(['a0']);
    await soon();
    expect(seen).toEqual(['a0', 'a1']);
  });

  test('a caller who disconnects while waiting leaves the queue', async () => {
    const { admission, ask, seen } = open(1);
    await ask('a', 'a0');
    const gone = new Cancellation();
    void ask('a', 'a1', gone);
    gone.abort({ code: 'CANCELLED' });
    await soon();
    expect(seen).toEqual(['a0', 'a1 CANCELLED']);
    expect(admission.report().operations.waiting).toBe(0);
  });

  test('an operation that waits too long is refused with a time to retry', async () => {
    const { admission, ask, seen } = open(1, { waitMaxMs: 5_000 });
    await ask('a', 'a0');
    void ask('b', 'b0');
    await jest.advanceTimersByTimeAsync(4_999);
    expect(seen).toEqual(['a0']);
    await jest.advanceTimersByTimeAsync(1);
    expect(seen).toEqual(['a0', 'b0 OVERLOADED']);
    expect(admission.report().refused).toEqual({ CALLER: 0, QUEUE: 0, WAIT: 1, BODY: 0 });
  });

  test('one caller fills at most half of the queue', async () => {
    const { admission, ask } = open(1, { waitingMax: 8 });
    await ask('a', 'a0');
    for (let index = 1; index <= 6; index++) void ask('a', `a${index}`);
    await soon();
    expect(admission.report().refused.CALLER).toBe(2);
    for (const caller of ['b', 'c', 'd', 'e']) void ask(caller, `${caller}0`);
    await soon();
    expect(admission.report()).toMatchObject({ operations: { waiting: 8 }, refused: { QUEUE: 0 } });
    await ask('f', 'f0');
    expect(admission.report().refused.QUEUE).toBe(1);
  });
});

describe('expensive operations', () => {
  test('take several slots, and wait for them before anything else of their caller', async () => {
    const { admission, ask, seen, place } = open(16, { costPerUnit: 100 });
    await ask('a', 'a0');
    await ask('a', 'a1');
    expect(place('a0').weigh(800)).toBeUndefined();
    const waited = place('a1').weigh(800);
    expect(waited).toBeInstanceOf(Promise);
    void ask('a', 'a2');
    expect(admission.report().operations).toMatchObject({ running: 1, units: 8, waiting: 2 });
    place('a0').release();
    await soon();
    await waited;
    expect(seen).toEqual(['a0', 'a1', 'a2']);
    expect(admission.report().operations).toMatchObject({ running: 2, units: 9, waiting: 0 });
    for (const name of ['a1', 'a2', 'a2']) place(name).release();
    expect(admission.report().operations).toMatchObject({ running: 0, units: 0 });
  });

  test('of a caller without running operations may begin while anything is free, whatever they cost', async () => {
    const { admission, ask, place } = open(8, { costPerUnit: 1 });
    for (let index = 0; index < 7; index++) await ask('a', `a${index}`);
    await ask('b', 'b0');
    expect(place('b0').weigh(1_000_000)).toBeUndefined();
    expect(admission.report().operations).toMatchObject({ running: 8, units: 11 });
  });
});

describe('while memory is short', () => {
  test('fewer run, at least two, and all again once memory is free', async () => {
    const { admission, ask, useMemory, place } = open(64, { memoryShortFrom: 0.7, memoryShortMost: 0.9 });
    useMemory(0.8);
    expect(admission.report().operations.unitsMax).toBe(31);
    useMemory(0.99);
    expect(admission.report().operations.unitsMax).toBe(2);
    for (const name of ['a0', 'b0', 'c0', 'd0']) void ask(name.slice(0, 1), name);
    await soon();
    expect(admission.report().operations).toMatchObject({ running: 2, waiting: 2 });
    useMemory(0.5);
    place('a0').release();
    await soon();
    expect(admission.report().operations).toMatchObject({ running: 3, waiting: 0 });
  });
});

describe('bytes that callers make the gateway hold', () => {
  test('a caller with more unread answers than are left for others starts nothing new until they are read', async () => {
    const { admission, ask, seen } = open(16, { answerBytesMax: 100 });
    const read = admission.holdAnswer('a', 60);
    expect(admission.mayAnswer('a')).toBe(false);
    void ask('a', 'a0');
    await ask('b', 'b0');
    expect(seen).toEqual(['b0']);
    read();
    await soon();
    expect(seen).toEqual(['b0', 'a0']);
  });

  test('large bodies are accepted while no caller holds more than is left for others', () => {
    const { admission } = open(16, { bodyBytesMax: 100 });
    const release = admission.holdBody('a', 50);
    expect(admission.holdBody('a', 1)).toBeNull();
    expect(admission.holdBody('b', 25)).not.toBeNull();
    expect(admission.report()).toMatchObject({ bodyBytes: 75, refused: { BODY: 1 } });
    release?.();
    expect(admission.report().bodyBytes).toBe(25);
  });
});
