// Filters that no provider documents, applied here to every row, from any page and in both directions.
import { describe, expect, test } from '@jest/globals';
import type { TransactionSelection } from '../../../../src/data/pagination/page.ts';
import { transactionDirections } from '../../../../src/domain/vocabulary.ts';
import fc from '../../../support/fast-check.ts';
import { MovingList, makeRow } from '../../../support/moving-list.ts';
import { Random } from '../../../support/random.ts';
import { first, idsOf, last, makeContext, selectionOf, walkerOver } from '../../../support/walks.ts';

const base = Date.UTC(2026, 3, 1) / 1000;

/** 250 rows, newest last: every seventh without a direction, one reference for every five rows. */
function filled(list = new MovingList('BANKING')): MovingList {
  list.record = Array.from({ length: 250 }, (_, index) =>
    makeRow(
      `t-${index}`,
      { second: base - Math.floor(index / 2) * 60, nano: 0 },
      {
        ledger: list.ledger,
        direction: index % 7 === 0 ? 'UNSPECIFIED' : index % 3 === 0 ? 'DEBIT' : 'CREDIT',
        referenceId: index % 4 === 0 ? null : `r-${Math.floor(index / 5)}`,
      },
    ),
  );
  return list;
}

async function walk(
  list: MovingList,
  narrowed: Partial<TransactionSelection>,
  size: number,
  backward = false,
) {
  const paginator = walkerOver(list);
  const ids: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const args = backward ? last(size, cursor) : first(size, cursor);
    const page = await paginator.page(selectionOf(narrowed), args, makeContext());
    if (backward) ids.unshift(...idsOf(page));
    else ids.push(...idsOf(page));
    if (!(await (backward ? page.hasPreviousPage() : page.hasNextPage()))) return ids;
    cursor = page.cursorOf(backward ? 0 : page.rows.length - 1);
  }
}

describe('directions and references', () => {
  test('return exactly the rows that match, for any sizes, values and direction', async () => {
    const list = filled();
    const references = fc.constantFrom(
      null,
      ...list.record.map(({ referenceId }) => referenceId ?? 'nobody'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.option(fc.subarray([...transactionDirections])),
        fc.option(fc.array(references.map((id) => id ?? '')), { freq: 2 }),
        fc.integer({ min: 1, max: 100 }),
        fc.boolean(),
        async (directions, referenceIds, size, backward) => {
          const expected = list.record
            .filter(({ direction }) => directions === null || directions.includes(direction))
            .filter(
              ({ referenceId }) => referenceIds === null || referenceIds.includes(referenceId ?? 'null'),
            )
            .map(({ providerTransactionId }) => providerTransactionId);
          const ids = await walk(list, { directions, referenceIds }, size, backward);
          expect(ids.toSorted()).toEqual(expected.toSorted());
        },
      ),
      { numRuns: 40 },
    );
  });

  test('count only what is known: a list read to its end, and one that they do not narrow', async () => {
    const list = filled();
    const totalOf = async (narrowed: Partial<TransactionSelection>) => {
      const args = { ...first(10), wantsTotal: true };
      return (await walkerOver(list).page(selectionOf(narrowed), args, makeContext())).totalCount();
    };
    expect(await totalOf({ directions: ['DEBIT'] })).toBeNull();
    expect(await totalOf({ referenceIds: ['r-7'] })).toBe(4);
    expect(await totalOf({ directions: ['DEBIT', 'UNSPECIFIED', 'CREDIT'] })).toBe(250);
  });

  test('do not read a ledger whose rows never have the value; for UNSPECIFIED they return all of it', async () => {
    const list = filled(new MovingList('ISSUING'));
    list.absentFields = ['direction', 'reference'];
    for (const row of list.record) Object.assign(row, { direction: 'UNSPECIFIED', referenceId: null });
    expect(await walk(list, { directions: ['CREDIT', 'DEBIT'] }, 20)).toEqual([]);
    expect(await walk(list, { referenceIds: ['r-1'] }, 20)).toEqual([]);
    expect(await walk(list, { referenceIds: [] }, 20)).toEqual([]);
    expect(list.calls).toBe(0);
    const args = { ...first(10), wantsTotal: true };
    const page = await walkerOver(list).page(
      selectionOf({ directions: ['UNSPECIFIED'] }),
      args,
      makeContext(),
    );
    expect([await page.totalCount(), list.calls]).toEqual([250, 1]);
  });

  test('combine with filters that are sent to the provider', async () => {
    const list = filled();
    const random = new Random(7);
    for (const row of list.record) {
      const type = random.pick(['DEPOSIT', 'PAYOUT', 'FEE'] as const);
      Object.assign(row, { type, typeRaw: type, currency: random.pick(['USD', 'EUR']) });
    }
    const expected = list.record.filter(
      ({ type, currency, direction }) => type !== 'FEE' && currency === 'EUR' && direction === 'DEBIT',
    );
    const narrowed = selectionOf({
      types: ['DEPOSIT', 'PAYOUT'],
      currencies: ['EUR'],
      directions: ['DEBIT'],
    });
    expect((await walk(list, narrowed, 9)).toSorted()).toEqual(
      expected.map(({ providerTransactionId }) => providerTransactionId).toSorted(),
    );
  });

  test('belong to the cursor: it is refused with others, and accepted with the same in another order', async () => {
    const paginator = walkerOver(filled());
    const narrowed = { directions: ['DEBIT', 'CREDIT'] as const, referenceIds: ['r-1', 'r-2'] };
    const page = await paginator.page(selectionOf(narrowed), first(2), makeContext());
    const cursor = page.cursorOf(1);
    const next = (other: Partial<TransactionSelection>) =>
      paginator.page(selectionOf(other), first(2, cursor), makeContext());
    expect((await next({ directions: ['CREDIT', 'DEBIT'], referenceIds: ['r-2', 'r-1'] })).rows).toHaveLength(
      2,
    );
    for (const other of [{}, { ...narrowed, referenceIds: ['r-1'] }, { ...narrowed, directions: null }]) {
      await expect(next(other)).rejects.toMatchObject({ code: 'CURSOR_FILTER_CHANGED' });
    }
  });
});
