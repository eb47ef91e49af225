import { describe, expect, test } from '@jest/globals';
import type { ReadIdentity } from '../../../src/ports/upstream.ts';
import { readKey } from '../../../src/upstream/index.ts';
import fc from '../../support/fast-check.ts';

const identity: ReadIdentity = {
  provider: 'UQPAY',
  environment: 'SANDBOX',
  credential: 'digest',
  onBehalfOf: 'account',
  method: 'GET',
  path: '/v1/balances',
  query: { page_number: '1', page_size: '100' },
  body: null,
};

/** Another value for every part; the type makes a part that is added to the identity appear here too. */
const otherParts: { readonly [Part in keyof ReadIdentity]: ReadIdentity[Part] } = {
  provider: 'NOAH',
  environment: 'PRODUCTION',
  credential: 'other',
  onBehalfOf: null,
  method: 'POST',
  path: '/v2/payment/balances',
  query: { page_number: '2', page_size: '100' },
  body: '{}',
};

const anyIdentity: fc.Arbitrary<ReadIdentity> = fc.record({
  provider: fc.constantFrom('UQPAY' as const, 'NOAH' as const),
  environment: fc.constantFrom('SANDBOX' as const, 'PRODUCTION' as const),
  credential: fc.string(),
  onBehalfOf: fc.option(fc.string()),
  method: fc.constantFrom('GET' as const, 'POST' as const),
  path: fc.string(),
  query: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3, noNullPrototype: true }),
  body: fc.option(fc.string()),
});

describe('the key of a read', () => {
  test.each(Object.keys(otherParts) as (keyof ReadIdentity)[])('changes when only %s changes', (part) => {
    expect(readKey({ ...identity, [part]: otherParts[part] })).not.toBe(readKey(identity));
  });

  test('does not depend on the order of the query', () => {
    const query = { page_size: '100', page_number: '1' };
    expect(readKey({ ...identity, query })).toBe(readKey(identity));
  });

  test('distinguishes null from the text, and a value from the next one', () => {
    expect(readKey({ ...identity, onBehalfOf: 'null' })).not.toBe(readKey({ ...identity, onBehalfOf: null }));
    expect(readKey({ ...identity, query: { a: '1","b":"2' } })).not.toBe(
      readKey({ ...identity, query: { a: '1', b: '2' } }),
    );
  });

  test('is equal only for equal identities', () => {
    fc.assert(
      fc.property(anyIdentity, anyIdentity, (a, b) => {
        const sorted = (one: ReadIdentity) => ({ ...one, query: Object.entries(one.query).sort() });
        const isSame = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(readKey(a) === readKey(b)).toBe(isSame);
      }),
    );
    fc.assert(
      fc.property(anyIdentity, fc.integer({ min: 0, max: 7 }), (a, partIndex) => {
        const part = Object.keys(otherParts)[partIndex] as keyof ReadIdentity;
        const other = {
          ...a,
          [part]: part === 'query' ? { ...a.query, '~more': '' } : `${a[part]}~`,
        } as ReadIdentity;
        expect(readKey(other)).not.toBe(readKey(a));
      }),
    );
  });
});
