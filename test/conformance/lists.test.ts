// No list of any provider is short without an error, whatever the provider does with its pages and counts.
import { afterEach, describe, expect, test } from '@jest/globals';
import { expectWholeOrRefused, type ListName, type ListSubject, listHabits } from './list-cases.ts';
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

/** Habits that leave no doubt about where a list ends. */
const harmless = ['none', 'no counts', 'smaller pages than asked for'];

for (const [name, start, lists] of providers) {
  describe.each(lists)(`${name} %s`, (list) => {
    test.each(listHabits)('%s are whole or refused with %s', async (_id, habit) => {
      running = await start();
      running.fill(list, 130);
      if (!running.adopt(habit)) return;
      const outcome = await expectWholeOrRefused(running, list, 130);
      if (harmless.includes(habit)) expect(outcome).toBe('whole');
    });
  });
}

test('the identifiers of habits are permanent', () => {
  const ids = listHabits.map(([id]) => id);
  expect(ids).toEqual(ids.map((_, index) => `LIST-${String(index + 1).padStart(3, '0')}`));
});
