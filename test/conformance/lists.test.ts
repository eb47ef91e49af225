// No list of any provider is incomplete without an error, whatever the provider does with its pages and counts.
import { afterEach, describe, expect, test } from '@jest/globals';
import { expectWholeOrRefused, type ListName, type ListSubject, listBehaviours } from './list-cases.ts';
import { startIbaneraLists, startNoahLists, startUqpayLists } from './list-subjects.ts';

const providers: readonly [string, () => Promise<ListSubject>, readonly ListName[]][] = [
  ['UQPAY', startUqpayLists, ['accounts', 'balances', 'transactions']],
  ['IBANERA', startIbaneraLists, ['balances', 'transactions']],
  ['NOAH', startNoahLists, ['balances', 'transactions']],
];

let running: ListSubject | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** Behaviours with which the end of a list is certain. */
const harmless = ['none', 'no counts', 'smaller pages than asked for'];

for (const [name, start, lists] of providers) {
  describe.each(lists)(`${name} %s`, (list) => {
    test.each(listBehaviours)('%s are whole or refused with %s', async (_id, behaviour) => {
      running = await start();
      running.fill(list, 130);
      if (!running.adopt(behaviour)) return;
      const outcome = await expectWholeOrRefused(running, list, 130);
      if (harmless.includes(behaviour)) expect(outcome).toBe('whole');
    });
  });
}

test('the identifiers of list behaviours are permanent', () => {
  const ids = listBehaviours.map(([id]) => id);
  expect(ids).toEqual(ids.map((_, index) => `LIST-${String(index + 1).padStart(3, '0')}`));
});
