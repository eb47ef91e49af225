import { expect, test } from '@jest/globals';
import type { UqpayBehaviour } from '../../../src/sandbox/uqpay/index.ts';
import fc from '../../support/fast-check.ts';
import { at, column, rowsOf, withBench } from './support.ts';

const banking = '/v1/balances/transactions';

test('5.1: newest first, oldest first, and ties inside a second in each of the tie orders', () =>
  withBench({}, async ({ sandbox, list }) => {
    const ids = ['b', 'd', 'a', 'c'].map((letter) => {
      const transaction_id = `${letter.repeat(8)}-0000-4000-8000-000000000000`;
      sandbox.control.insertTransaction('banking', { transaction_id, create_time: '2026-03-01T00:00:00Z' });
      return transaction_id;
    });
    const newer = sandbox.control.insertTransaction('banking', { create_time: '2026-03-02T00:00:00Z' });
    const read = async (changes: Partial<UqpayBehaviour>) => {
      sandbox.control.setBehaviour(changes);
      return column(await list(banking), 'transaction_id');
    };
    const newest = newer.transaction_id;
    expect(await read({})).toEqual([newest, ...ids.toReversed()]);
    expect(await read({ tieOrder: 'id-ascending' })).toEqual([newest, ...ids.toSorted()]);
    expect(await read({ tieOrder: 'id-descending' })).toEqual([newest, ...ids.toSorted().reverse()]);
    const hashed = await read({ tieOrder: 'hashed' });
    expect(await read({ tieOrder: 'hashed' })).toEqual(hashed);
    expect(hashed.slice(1).toSorted()).toEqual(ids.toSorted());
    expect(await read({ tieOrder: 'inserted', listOrder: 'oldest-first' })).toEqual([...ids, newest]);
  }));

test('5.1: with the setting unordered, a list has no time order but stays the same', () =>
  withBench({ behaviour: { listOrder: 'unordered' } }, async ({ sandbox, list }) => {
    for (let minute = 10; minute < 60; minute += 1) {
      sandbox.control.insertTransaction('banking', { create_time: `2026-03-01T00:${minute}:00Z` });
    }
    const read = async () => column(await list(banking, { page_size: '100' }), 'create_time').map(String);
    const times = await read();
    expect(times).toHaveLength(50);
    expect(times).not.toEqual(times.toSorted());
    expect(times).not.toEqual(times.toSorted().reverse());
    expect(await read()).toEqual(times);
  }));

const behaviours = fc.record({
  listOrder: fc.constantFrom('newest-first', 'oldest-first', 'unordered'),
  tieOrder: fc.constantFrom('inserted', 'id-ascending', 'id-descending', 'hashed'),
  timeComparison: fc.constantFrom('exact', 'second'),
});
const milliseconds = fc.integer({ min: 0, max: 5999 });
const toText = (ms: number) => new Date(Date.UTC(2026, 2, 1) + ms).toISOString();

test('5.2: the pages of any window together are exactly its rows, in order', () =>
  withBench({}, async ({ sandbox, list }) => {
    const { control } = sandbox;
    await fc.assert(
      fc.asyncProperty(
        behaviours,
        fc.array(milliseconds, { maxLength: 40 }),
        fc.tuple(milliseconds, milliseconds),
        async (behaviour, createdMs, [startMs, endMs]) => {
          const { account_id } = control.addAccount();
          control.setBehaviour(behaviour);
          for (const ms of createdMs) {
            control.insertTransaction('banking', { account_id, create_time: toText(ms) });
          }
          const unit = behaviour.timeComparison === 'second' ? 1000 : 1;
          const expected = control.transactions('banking', account_id).filter(({ create_time }) => {
            const ms = Math.floor((Date.parse(create_time) - Date.UTC(2026, 2, 1)) / unit);
            return ms >= Math.floor(startMs / unit) && ms <= Math.floor(endMs / unit);
          });
          const walked: unknown[] = [];
          for (let page = 1; ; page += 1) {
            const query = { page_number: `${page}`, start_time: toText(startMs), end_time: toText(endMs) };
            const reply = await list(banking, query, { headers: { 'x-on-behalf-of': account_id } });
            expect(at(reply, 'total_items')).toBe(expected.length);
            expect(at(reply, 'total_pages')).toBe(Math.ceil(expected.length / 10));
            if (rowsOf(reply).length === 0) break;
            walked.push(...column(reply, 'transaction_id'));
          }
          expect(walked).toEqual(expected.map(({ transaction_id }) => transaction_id));
        },
      ),
      { numRuns: 40 },
    );
  }));
