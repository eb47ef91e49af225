// The promises of every provider behind the port. A new provider adds one line to each of the two tables.
import { describe, expect, test } from '@jest/globals';
import { adapterCases } from './adapter-cases.ts';
import { type ConformanceCase, portCases } from './cases.ts';
import type { Subject } from './subject.ts';
import { startFake, startIbanera, startNoah, startUqpay } from './subjects.ts';

const adapters = [
  ['UQPAY', startUqpay],
  ['IBANERA', startIbanera],
  ['NOAH', startNoah],
] as const;
const everyone = [['the fake', startFake], ...adapters] as const;

async function runCase<Kind extends Subject>(found: ConformanceCase<Kind>, start: () => Promise<Kind>) {
  const subject = await start();
  try {
    await found.run(subject);
  } finally {
    await subject.close();
  }
}

describe.each(everyone)('%s keeps the promises of the port', (_name, start) => {
  for (const found of portCases) test(`${found.id} ${found.says}`, () => runCase(found, start));
});

describe.each(adapters)('%s keeps the promises of an adapter', (_name, start) => {
  for (const found of adapterCases) test(`${found.id} ${found.says}`, () => runCase(found, start));
});

test('ids are permanent', () => {
  const ids = [...portCases, ...adapterCases].map(({ id }) => id);
  const numbered = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(3, '0')}`);
  expect(ids).toEqual([...numbered('PORT', 11), ...numbered('WIRE', 23)]);
});
