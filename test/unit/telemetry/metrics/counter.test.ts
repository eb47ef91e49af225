import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { createCounter } from '../../../../src/telemetry/metrics/counter.ts';

test.each([
  [[], [[], [], []], ['calls 3']],
  [['kind'], [['a'], ['b'], ['a']], ['calls{kind="a"} 2', 'calls{kind="b"} 1']],
  [
    ['kind', 'outcome'],
    [
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'b'],
    ],
    ['calls{kind="a",outcome="b"} 2', 'calls{kind="a",outcome="c"} 1'],
  ],
])('counts by the labels %j, each time it is read', async (labels, counted, lines) => {
  const registry = new Registry();
  const count = createCounter({ name: 'calls', help: 'Calls.', labels, registry });
  for (const values of counted) count(...values);
  const read = async () => (await registry.metrics()).split('\n').filter((line) => /^calls/.test(line));
  expect(await read()).toEqual(lines);
  expect(await read()).toEqual(lines);
});
