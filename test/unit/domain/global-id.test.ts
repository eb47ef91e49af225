import { describe, expect, test } from '@jest/globals';
import { decodeGlobalId, encodeGlobalId, type GlobalId, isPlainText } from '../../../src/domain/global-id.ts';
import { ledgers, providerCodes } from '../../../src/domain/vocabulary.ts';
import fc from '../../support/fast-check.ts';
import { asPartOfLongText, heapKept } from '../../support/heap-kept.ts';

const text = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter(isPlainText);
const account = fc.record({
  provider: fc.constantFrom(...providerCodes),
  providerAccountId: fc.option(text, { nil: null }),
});
const ledger = fc.constantFrom(...ledgers);
const globalId: fc.Arbitrary<GlobalId> = fc.oneof(
  fc.record({ type: fc.constant('Account' as const), account }),
  fc.record({
    type: fc.constant('Balance' as const),
    key: fc.record({ account, ledger, currency: text, distinguishingId: fc.option(text, { nil: null }) }),
  }),
  fc.record({
    type: fc.constant('Transaction' as const),
    key: fc.record({
      account,
      ledger,
      createdSecond: fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
      hasFraction: fc.boolean(),
      providerTransactionId: text,
      distinguishingId: fc.option(text, { nil: null }),
    }),
  }),
);

const idOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('global ids', () => {
  test('decode to what they were made from, and have one spelling', async () => {
    await fc.assert(
      fc.property(globalId, (id) => {
        const encoded = encodeGlobalId(id);
        expect(decodeGlobalId(encoded)).toEqual(id);
        expect(encoded).toMatch(/^[\w-]+$/);
      }),
    );
  });

  test('of different objects differ', async () => {
    await fc.assert(
      fc.property(globalId, globalId, (a, b) => {
        expect(encodeGlobalId(a) === encodeGlobalId(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test('do not change between releases', () => {
    expect(encodeGlobalId({ type: 'Account', account: { provider: 'UQPAY', providerAccountId: null } })).toBe(
      'WzEsIkEiLCJVUVBBWSIsbnVsbF0',
    );
    const place = { account: { provider: 'UQPAY', providerAccountId: 'a' }, ledger: 'BANKING' } as const;
    const key = { ...place, createdSecond: 1, hasFraction: false, providerTransactionId: 't' } as const;
    expect(encodeGlobalId({ type: 'Transaction', key: { ...key, distinguishingId: null } })).toBe(
      idOf([1, 'T', 'UQPAY', 'a', 'BANKING', 1, 0, 't']),
    );
  });

  test('any text is either refused or has exactly that spelling', async () => {
    await fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((json) => idOf(JSON.parse(json))),
        ),
        (id) => {
          const decoded = decodeGlobalId(id);
          if (decoded !== null) expect(encodeGlobalId(decoded)).toBe(id);
        },
      ),
    );
  });

  const account1 = ['UQPAY', 'a-1'];
  test.each<[string, string]>([
    ['an empty text', ''],
    ['no base64url', '%%%'],
    ['padding', `${idOf([1, 'A', 'UQPAY', null])}==`],
    ['a space that the decoder would skip', ` ${idOf([1, 'A', 'UQPAY', null])}`],
    ['no JSON', Buffer.from('account 1').toString('base64url')],
    ['JSON that is no list', idOf({ type: 'A' })],
    ['another version', idOf([2, 'A', 'UQPAY', null])],
    ['another spelling of the same JSON', Buffer.from('[1, "A","UQPAY",null]').toString('base64url')],
    ['an unknown type', idOf([1, 'X', ...account1])],
    ['an unknown provider', idOf([1, 'A', 'ACME', null])],
    ['an empty account', idOf([1, 'A', 'UQPAY', ''])],
    ['a control character', idOf([1, 'A', 'UQPAY', 'a\r\nx-evil: 1'])],
    ['a C1 control character', idOf([1, 'A', 'UQPAY', 'a\u0085b'])],
    ['half of a surrogate pair', idOf([1, 'A', 'UQPAY', 'a\ud800'])],
    ['a part too many', idOf([1, 'A', ...account1, 'more'])],
    ['a part too long', idOf([1, 'A', 'UQPAY', 'a'.repeat(513)])],
    ['an id too long', 'A'.repeat(100_000)],
    ['an unknown ledger', idOf([1, 'B', ...account1, 'GOLD', 'USD', null])],
    ['a currency that is no text', idOf([1, 'B', ...account1, 'BANKING', 840, null])],
    ['a balance without its last part', idOf([1, 'B', ...account1, 'BANKING', 'USD'])],
    ['a second with a fraction', idOf([1, 'T', ...account1, 'BANKING', 1.5, 0, 't'])],
    ['a second beyond all calendars', idOf([1, 'T', ...account1, 'BANKING', 9e15, 0, 't'])],
    ['a fraction flag that is neither 0 nor 1', idOf([1, 'T', ...account1, 'BANKING', 1, true, 't'])],
    ['a transaction with nothing for its last part', idOf([1, 'T', ...account1, 'BANKING', 1, 0, 't', null])],
    ['a transaction with a part too many', idOf([1, 'T', ...account1, 'BANKING', 1, 0, 't', 'b', 'c'])],
    ['a transaction without id', idOf([1, 'T', ...account1, 'BANKING', 1, 0, ''])],
  ])('with %s are refused', (_what, id) => {
    expect(decodeGlobalId(id)).toBeNull();
  });

  test('that were decoded do not keep the request they came in alive', () => {
    const kept = heapKept(() => {
      for (let index = 0; index < 30; index++) {
        const account = { provider: 'UQPAY' as const, providerAccountId: `account ${index}` };
        decodeGlobalId(asPartOfLongText(encodeGlobalId({ type: 'Account', account })));
      }
    });
    expect(kept).toBeLessThan(5_000_000);
  });
});
