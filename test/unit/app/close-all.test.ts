import { expect, test } from '@jest/globals';
import { type Closer, createCloseAll } from '../../../src/app/close-all.ts';

test('closes the newest first, each once, also what was opened after it was made', async () => {
  const closed: string[] = [];
  const closers: Closer[] = [() => void closed.push('first')];
  const closeAll = createCloseAll(closers);
  closers.push(async () => void closed.push('second'));
  await Promise.all([closeAll(), closeAll()]);
  await closeAll();
  expect(closed).toEqual(['second', 'first']);
});

test('one that fails does not keep the others open, and its failure is not lost', async () => {
  const closed: string[] = [];
  const closeAll = createCloseAll([
    () => void closed.push('first'),
    () => Promise.reject(new Error('stuck')),
    () => void closed.push('third'),
  ]);
  await expect(closeAll()).rejects.toThrow('stuck');
  expect(closed).toEqual(['third', 'first']);
});
