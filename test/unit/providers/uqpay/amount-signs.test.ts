// Only the balances after rows show what the signs of issuing amounts mean.
import { describe, expect, test } from '@jest/globals';
import type { Transaction } from '../../../../src/domain/model.ts';
import { signedAmount } from '../../../../src/domain/signed-amount.ts';
import type { TransactionQuery } from '../../../../src/ports/transaction-feed.ts';
import { AmountSigns } from '../../../../src/providers/uqpay/amount-signs.ts';
import { aTransaction, master, money } from '../../../support/fake-provider.ts';
import fc from '../../../support/fast-check.ts';

type Row = readonly [second: number, amount: string | null, endingBalance: string | null, currency?: string];

function rowsOf(rows: readonly Row[]): readonly Transaction[] {
  return rows.map(([second, amount, endingBalance, currency = 'USD'], index) =>
    aTransaction(master, 'ISSUING', `t-${index}`, second, {
      ...{ currency, direction: 'UNSPECIFIED', providerBalanceId: `b-${currency}` },
      amount: amount === null ? null : money(amount, currency),
      endingBalance: endingBalance === null ? null : money(endingBalance, currency),
    }),
  );
}

async function read(signs: AmountSigns, rows: readonly Transaction[], query: TransactionQuery = {}) {
  const value = { rows, rowCount: rows.length, pageCount: 1 };
  const page = await signs.readPage(Promise.resolve({ value, asOfMs: 0, staleBecause: null }), query);
  return page.value.rows.map((row) => signedAmount(row)?.amount ?? null);
}

const shown: readonly Row[] = [
  [4, '-5.00', '105.00'],
  [3, '10.00', '110.00'],
  [2, '-0.00', '100.00'],
  [1, '-100.00', '100.00'],
];

describe('signs of issuing amounts', () => {
  test('count once a debit has lowered the balance by exactly its amount', async () => {
    expect(await read(new AmountSigns(), rowsOf(shown))).toEqual(['-5.00', '10.00', '0.00', '-100.00']);
    expect(await read(new AmountSigns(), rowsOf(shown).toReversed())).toEqual([
      ...['-100.00', '0.00', '10.00', '-5.00'],
    ]);
  });

  test('count for rows of other pages and filters from then on', async () => {
    const signs = new AmountSigns();
    const alone = rowsOf([[9, '-7.00', null]]);
    expect(await read(signs, alone)).toEqual([null]);
    await read(signs, rowsOf(shown), { status: 'COMPLETED' });
    expect(await read(signs, alone)).toEqual(['-7.00']);
    expect(await read(signs, alone, { type: 'FEE' })).toEqual(['-7.00']);
  });

  test.each<[string, readonly Row[]]>([
    [
      'credits alone',
      [
        [3, '10.00', '110.00'],
        [2, '5.00', '100.00'],
        [1, '1.00', '95.00'],
      ],
    ],
    ['one row', [[1, '-10.00', '90.00']]],
    [
      'balances that did not move',
      [
        [3, '10.00', '90.00'],
        [2, '-5.00', '90.00'],
        [1, '5.00', '90.00'],
      ],
    ],
    [
      'balances that are not reported',
      [
        [3, '10.00', null],
        [2, '-5.00', null],
        [1, '5.00', null],
      ],
    ],
    [
      'balances of other currencies',
      [
        [3, '10.00', '110.00'],
        [2, '-5.00', '100.00', 'EUR'],
        [1, '5.00', '105.00', 'SGD'],
      ],
    ],
    [
      'rows of one second',
      [
        [1, '-5.00', '105.00'],
        [1, '10.00', '110.00'],
        [1, '1.00', '100.00'],
      ],
    ],
    [
      'rows with others missing in between',
      [
        [3, '10.00', '210.00'],
        [2, '-5.00', '100.00'],
        [1, '1.00', '700.00'],
      ],
    ],
  ])('are not known from %s', async (_what, rows) => {
    const signed = await read(new AmountSigns(), rowsOf(rows));
    expect(signed).toEqual(rows.map(() => null));
  });

  test('are not learned from rows filtered by type', async () => {
    expect(await read(new AmountSigns(), rowsOf(shown), { type: 'DEPOSIT' })).toEqual(
      shown.map((row) => (row[1] === '-0.00' ? '0.00' : null)),
    );
  });

  test('are unknown from then on once a balance has moved the other way', async () => {
    const signs = new AmountSigns();
    await read(signs, rowsOf(shown));
    // Amounts without a sign: this one went out.
    expect(
      await read(
        signs,
        rowsOf([
          [2, '5.00', '95.00'],
          [1, '1.00', '100.00'],
        ]),
      ),
    ).toEqual([null, null]);
    expect((await read(signs, rowsOf(shown)))[0]).toBeNull();
  });

  test('give sums that the balances confirm', async () => {
    const amounts = fc.array(
      fc.integer({ min: -1_000, max: 1_000 }).filter((cents) => cents !== 0),
      {
        minLength: 3,
        maxLength: 30,
      },
    );
    await fc.assert(
      fc.asyncProperty(amounts, async (cents) => {
        let balance = 100_000;
        const rows = rowsOf(
          cents.map((amount, index): Row => {
            balance += amount;
            return [index, String(amount), String(balance)];
          }),
        );
        const signed = await read(new AmountSigns(), rows);
        const later = cents.slice(1);
        const isShown = later.some((amount) => amount < 0);
        expect(signed).toEqual(cents.map((amount) => (isShown ? String(amount) : null)));
      }),
    );
  });
});
