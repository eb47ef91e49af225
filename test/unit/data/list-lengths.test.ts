import { expect, test } from '@jest/globals';
import { createListLengths } from '../../../src/data/list-lengths.ts';

test('keeps the most recently used lists, up to its limit', () => {
  const lengths = createListLengths(2);
  lengths.note('a', 1);
  lengths.note('b', 2);
  lengths.note('a', 3);
  lengths.note('c', 4);
  expect(['a', 'b', 'c'].map((key) => lengths.pageCountOf(key))).toEqual([3, null, 4]);
});
