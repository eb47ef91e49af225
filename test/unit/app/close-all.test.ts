import { expect, test } from '@jest/globals';
import { type Closer, createCloseAll } from '../../../src/app/close-all.ts';

test('closes the newest first, each once, including those added later', async () => {
  const closed: string[] = [];
  const closers: Closer[] = [() => void closed.push('first')];
  const closeAll = createCloseAll(closers);
  closers.push(async () => void closed.push('second'));
  await Promise.all([closeAll(), closeAll()]);
  await closeAll();
  expect(closed).toEqual(['second', 'first']);
});

test('if one fails, the others are still closed, and the failure is reported', async () => {
  const closed: string[] = [];
  const closeAll = createCloseAll([
    () => void closed.push('first'),
    () => Promise.reject(new Error('stuck')),
    () => void closed.push('third'),
  ]);
  await expect(closeAll()).rejects.toThrow('stuck');
  expect(closed).toEqual(['third', 'first']);
});
