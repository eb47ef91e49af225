import { describe, expect, test } from '@jest/globals';
import type * as z from 'zod';
import { parseDecimal } from '../../../../src/domain/decimal.ts';
import { Failure } from '../../../../src/domain/failure.ts';
import type { Ledger } from '../../../../src/domain/vocabulary.ts';
import { parseLosslessJson } from '../../../../src/providers/shared/lossless-json.ts';
import { parseShape } from '../../../../src/providers/shared/parse-shape.ts';
import { toAccount, toBalance, toMasterAccount, toTransaction } from '../../../../src/providers/uqpay/map.ts';
import {
  type WireTransaction,
  wireAccount,
  wireAccountList,
  wireBalance,
  wireBalanceList,
  wireToken,
  wireTransactionList,
} from '../../../../src/providers/uqpay/wire.ts';
import fc from '../../../support/fast-check.ts';

const account = { provider: 'UQPAY', providerAccountId: null } as const;

const parse = <T>(schema: z.ZodType<T>, text: string): T =>
  parseShape(schema, parseLosslessJson(text), 'UQPAY GET /v1/x', { provider: 'UQPAY' });
const balanceOf = (fields: string) =>
  toBalance(parse(wireBalance, `{"currency":"EUR",${fields}}`), account, 'BANKING');
const transactionOf = (fields: string, ledger: Ledger = 'ISSUING') =>
  toTransaction(
    parse(
      wireTransactionList,
      `{"total_items":1,"data":[{"transaction_id":"t","currency":"EUR","create_time":"2026-01-02T03:04:05Z",${fields}}]}`,
    ).data[0] as WireTransaction,
    account,
    ledger,
  );

function failureOf(act: () => unknown): Failure {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('did not fail');
}

/** Canonical decimals of up to 38 digits and 20 decimals, trailing zeros and negative ones included. */
const amountText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^(0|[1-9]\d{0,37})$/),
    fc.stringMatching(/^(\.\d{1,20})?$/),
  )
  .map((parts) => parts.join(''));

describe('amounts', () => {
  test('keep every digit as sent, as a number or as a string', () => {
    fc.assert(
      fc.property(amountText, fc.boolean(), (text, isNumber) => {
        const token = isNumber ? text : JSON.stringify(text);
        expect(balanceOf(`"available_balance":${token}`).available).toEqual({
          amount: text,
          currency: 'EUR',
        });
        const { amount, endingBalance } = transactionOf(`"amount":${token},"ending_balance":${token}`);
        expect([amount?.amount, endingBalance?.amount]).toEqual([text, text]);
      }),
    );
  });

  test.each([
    ['1e3', '1000'],
    ['-1.50E-3', '-0.00150'],
    ['"+1"', '1'],
    ['".5"', '0.5'],
    ['"5."', '5'],
    ['"007.50"', '7.50'],
    ['2353.250', '2353.250'],
    ['0', '0'],
    ['"0.00"', '0.00'],
  ])('%s is %s', (token, text) => {
    expect(parseDecimal(text)).toBe(text);
    expect(balanceOf(`"frozen_balance":${token}`).frozen?.amount).toBe(text);
  });

  test('that are not reported are null, never zero', () => {
    const balance = balanceOf('"available_balance":null,"margin_balance":""');
    const { available, total, pending, payable, reserved, frozen, margin, prepaid } = balance;
    expect([available, total, pending, payable, reserved, frozen, margin, prepaid]).toEqual(
      Array(8).fill(null),
    );
    expect(transactionOf('"amount":null').amount).toBeNull();
  });

  test.each([
    '"1,234.50"',
    '"12 EUR"',
    '"abc"',
    'true',
    '{"value":1}',
    '[1]',
    '"NaN"',
    '"1e999999999"',
    '1e999999999',
  ])('%s is refused with its path and without its value', (token) => {
    const failure = failureOf(() =>
      parse(
        wireBalanceList,
        `{"total_items":2,"data":[{"currency":"USD"},{"currency":"EUR","available_balance":${token}}]}`,
      ),
    );
    expect(failure.code).toBe('UPSTREAM_SHAPE');
    expect(failure.message).toContain('data[1].available_balance: expected a decimal amount');
    expect(failure.message).not.toMatch(/1,234|12 EUR|abc|true|NaN|999/);
  });
});

describe('a balance', () => {
  test('has the amounts that the line reports (reference sections 4.2 to 4.4)', () => {
    const row = parse(
      wireBalance,
      `{"balance_id":"b1","currency":"EUR","available_balance":"812.40","prepaid_balance":"0.00","margin_balance":25.10,
        "frozen_balance":"0.00","create_time":"2026-02-03T09:15:00+08:00","last_trade_time":"0001-01-01T00:00:00Z",
        "balance_status":"Active","unknown_field":{"deep":[1.5]}}`,
    );
    expect(toBalance(row, account, 'BANKING')).toEqual({
      account,
      ledger: 'BANKING',
      currency: 'EUR',
      providerBalanceId: 'b1',
      distinguishingId: null,
      available: { amount: '812.40', currency: 'EUR' },
      total: null,
      pending: null,
      payable: null,
      reserved: null,
      frozen: { amount: '0.00', currency: 'EUR' },
      margin: { amount: '25.10', currency: 'EUR' },
      prepaid: { amount: '0.00', currency: 'EUR' },
      status: 'ACTIVE',
      statusRaw: 'Active',
      createdAt: { second: Date.parse('2026-02-03T01:15:00Z') / 1000, nano: 0 },
      lastTradeAt: null,
    });
  });

  test('keeps an unknown status', () => {
    expect(balanceOf('"balance_status":"DORMANT"')).toMatchObject({
      status: 'UNRECOGNIZED',
      statusRaw: 'DORMANT',
    });
    expect(balanceOf('"balance_status":""')).toMatchObject({ status: null, statusRaw: null });
  });

  test.each(['{}', '{"currency":""}', '{"currency":null}', '{"currency":["EUR"]}'])(
    '%s is refused',
    (text) => {
      const failure = failureOf(() => parse(wireBalanceList, `{"total_items":1,"data":[${text}]}`));
      expect(failure.message).toContain('data[0].currency: expected text that is not empty');
    },
  );
});

describe('a transaction', () => {
  test('has the enum values, the times and the ids of the row', () => {
    const row = transactionOf(
      `"short_transaction_id":"S1","balance_id":"b1","transaction_type":"SETTLEMENT DEBIT","transaction_status":"COMPLETED",
       "amount":-26.480,"ending_balance":100,"complete_time":"2026-01-02T03:04:06.123456789+08:00","description":"Lunch"`,
    );
    expect(row).toMatchObject({
      ledger: 'ISSUING',
      providerTransactionId: 't',
      distinguishingId: null,
      shortId: 'S1',
      providerBalanceId: 'b1',
      type: 'SETTLEMENT_DEBIT',
      typeRaw: 'SETTLEMENT DEBIT',
      status: 'COMPLETED',
      direction: 'UNSPECIFIED',
      amount: { amount: '-26.480', currency: 'EUR' },
      createdAt: { nano: 0 },
      completedAt: { nano: 123_456_789 },
      description: 'Lunch',
    });
  });

  test.each([
    ['"C"', 'CREDIT'],
    ['"D"', 'DEBIT'],
    ['"X"', 'UNSPECIFIED'],
    ['""', 'UNSPECIFIED'],
    ['null', 'UNSPECIFIED'],
  ])('credit_debit_type %s is %s, whatever sign the amount has', (token, direction) => {
    for (const amount of ['-1.00', '1.00']) {
      const row = transactionOf(`"amount":"${amount}","credit_debit_type":${token}`, 'BANKING');
      expect(row.direction).toBe(direction);
    }
  });

  test('of issuing has neither direction nor reference: none is documented, so nothing is filtered by them', () => {
    const fields = '"amount":"1.00","credit_debit_type":"D","reference_id":"r-1"';
    expect(transactionOf(fields)).toMatchObject({ direction: 'UNSPECIFIED', referenceId: null });
    expect(transactionOf(fields, 'BANKING')).toMatchObject({ direction: 'DEBIT', referenceId: 'r-1' });
  });

  test('that is not complete, in any of the ways UQPAY says so', () => {
    for (const token of ['null', '""', '"0001-01-01T00:00:00Z"']) {
      expect(transactionOf(`"complete_time":${token}`).completedAt).toBeNull();
    }
  });

  test('keeps unknown values', () => {
    expect(transactionOf('"transaction_type":"CASHBACK","transaction_status":"ON_HOLD"')).toMatchObject({
      type: 'UNRECOGNIZED',
      typeRaw: 'CASHBACK',
      status: 'UNRECOGNIZED',
      statusRaw: 'ON_HOLD',
    });
  });

  test.each(['""', 'null', '"0001-01-01T00:00:00Z"', '"yesterday"', '"2026-01-02T03:04:05"', '5'])(
    'without a readable create_time (%s) is refused',
    (token) => {
      const failure = failureOf(() =>
        parse(
          wireTransactionList,
          `{"total_items":1,"data":[{"transaction_id":"t","currency":"EUR","create_time":${token}}]}`,
        ),
      );
      expect(failure.message).toContain('data[0].create_time: expected a time');
    },
  );
});

describe('an account', () => {
  const accountOf = (fields: string) => toAccount(parse(wireAccount, `{"account_id":"a1",${fields}}`));

  test('has only the public fields and no personal data', () => {
    const shown = accountOf(
      `"short_reference_id":"P1","business_code":["ISSUING","BANKING","STABLECOIN"],"email":"who@example.com",
       "account_name":"Juniper Coffee","country":"SG","status":"ACTIVE","contact_details":{"phone":"+65 1"},
       "representatives":[{"first_name":"Who"}]`,
    );
    expect(shown).toEqual({
      ref: { provider: 'UQPAY', providerAccountId: 'a1' },
      providerAccountId: 'a1',
      shortReference: 'P1',
      name: 'Juniper Coffee',
      country: 'SG',
      status: 'ACTIVE',
      statusRaw: 'ACTIVE',
      ledgers: ['BANKING', 'ISSUING'],
    });
  });

  test.each([
    ['["ACQUIRING"]', ['PAYMENT']],
    ['["STABLECOIN"]', []],
    ['[]', null],
    ['null', null],
  ])('business_code %s is %j', (codes, ledgers) => {
    expect(accountOf(`"business_code":${codes}`).ledgers).toEqual(ledgers);
  });

  test('the master account is named by its token, if that has claims', () => {
    expect(toMasterAccount({ entityId: 'e1', shortEntityId: 'P9' })).toMatchObject({
      ref: account,
      providerAccountId: 'e1',
      shortReference: 'P9',
    });
    expect(toMasterAccount({ entityId: null, shortEntityId: null }).providerAccountId).toBe('master');
  });
});

describe('lists and tokens', () => {
  test.each([
    ['null', 'the reply'],
    ['[]', 'the reply'],
    ['{"data":[]}', 'total_items'],
    ['{"total_items":-1,"data":[]}', 'total_items'],
    ['{"total_items":1.5,"data":[]}', 'total_items'],
    ['{"total_items":1,"data":{}}', 'data'],
    ['{"total_items":1,"data":["x"]}', 'data[0]'],
  ])('a list %s is refused at %s', (text, path) => {
    expect(failureOf(() => parse(wireAccountList, text)).message).toContain(`unexpected shape: ${path}: `);
  });

  test.each(['{"total_items":0,"data":null}', '{"total_items":"0"}', '{"total_items":0,"data":[]}'])(
    'a list %s is empty',
    (text) => {
      const { total_items, data } = parse(wireTransactionList, text);
      expect([total_items, data ?? []]).toEqual([0, []]);
    },
  );

  test('a token reply needs a token and whole seconds', () => {
    expect(parse(wireToken, '{"auth_token":"a.b.c","expired_at":1790000000}')).toEqual({
      auth_token: 'a.b.c',
      expired_at: 1_790_000_000,
    });
    expect(
      failureOf(() => parse(wireToken, '{"auth_token":"a.b.c","expired_at":"2026-01-01"}')).message,
    ).toContain('expired_at');
    expect(failureOf(() => parse(wireToken, '{"auth_token":"","expired_at":1}')).message).toContain(
      'auth_token',
    );
  });
});
