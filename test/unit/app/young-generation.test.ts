import { expect, test } from '@jest/globals';
import { youngGenerationOptions } from '../../../src/app/young-generation.ts';

const mebibyte = 2 ** 20;

test.each([
  ['a container of 512 MiB', 512 * mebibyte, [], ['--max-semi-space-size=16']],
  ['a container of 1 GiB', 1024 * mebibyte, [], []],
  ['no limit', 0, [], []],
  ['no limit, said as the largest number', 2 ** 64, [], []],
  ['a size that was chosen', 512 * mebibyte, ['--max-semi-space-size=8'], []],
  ['a size set in NODE_OPTIONS', 512 * mebibyte, ['--enable-source-maps --max_semi_space_size=4'], []],
  ['other options', 512 * mebibyte, ['--max-old-space-size=300'], ['--max-semi-space-size=16']],
] as const)('the young generation with %s', (_says, memoryBytes, nodeOptions, added) => {
  expect(youngGenerationOptions({ memoryBytes, nodeOptions })).toEqual(added);
});
