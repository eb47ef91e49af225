import { expect, test } from '@jest/globals';
import { createTurns } from '../../../../src/graphql/execution/index.ts';
import fc from '../../../support/fast-check.ts';

const nextTurn = () => new Promise(setImmediate);

test('work beyond the limit of one tick is done in later ticks, in order', async () => {
  const turns = createTurns();
  const done: number[] = [];
  turns.take(1_000);
  expect(turns.hasRoom).toBe(false);
  for (let index = 0; index < 5; index += 1) {
    void turns.later(() => {
      turns.take(300);
      done.push(index);
    });
  }
  expect(done).toEqual([]);
  await nextTurn();
  expect(done).toEqual([0, 1, 2]);
  await nextTurn();
  expect(done).toEqual([0, 1, 2, 3, 4]);
  expect(turns.hasRoom).toBe(true);
});

test('while too many objects are in progress, none is started until some are done', async () => {
  const turns = createTurns();
  const objects = Array.from({ length: 500 }, () => Promise.withResolvers<void>());
  for (const { promise } of objects) turns.hold(promise);
  let isDone = false;
  void turns.later(() => {
    isDone = true;
  });
  await nextTurn();
  await nextTurn();
  expect([isDone, turns.hasRoom]).toEqual([false, false]);
  objects[0]?.reject(new Error('gone'));
  await nextTurn();
  await nextTurn();
  expect([isDone, turns.hasRoom]).toEqual([true, true]);
});

test('every request is answered, or fails with its own error', async () => {
  const objects = fc.array(fc.record({ size: fc.nat(900), fails: fc.boolean(), isLate: fc.boolean() }), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(objects, async (wanted) => {
      const turns = createTurns();
      const results = wanted.map(({ size, fails, isLate }, index) => {
        const work = () => {
          turns.take(size);
          const object = new Promise<number>((resolve, reject) => {
            const settle = () => (fails ? reject(new Error(String(index))) : resolve(index));
            if (isLate) setImmediate(settle);
            else settle();
          });
          turns.hold(object);
          return object;
        };
        return turns.hasRoom ? work() : turns.later(work);
      });
      const outcomes = (await Promise.allSettled(results)).map((outcome) =>
        outcome.status === 'fulfilled' ? outcome.value : Number(outcome.reason.message),
      );
      expect(outcomes).toEqual(wanted.map((_object, index) => index));
    }),
  );
});
