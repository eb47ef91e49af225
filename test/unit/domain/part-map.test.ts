import { expect, test } from '@jest/globals';
import { PartMap } from '../../../src/domain/part-map.ts';
import fc from '../../support/fast-check.ts';

test('finds what was set under equal parts in the same order, and nothing else', () => {
  const keysOf = (length: number) =>
    fc.array(fc.string({ maxLength: 2 }), { minLength: length, maxLength: length });
  const given = fc
    .integer({ min: 0, max: 3 })
    .chain((length) => fc.tuple(fc.array(fc.tuple(keysOf(length), fc.nat())), keysOf(length)));
  fc.assert(
    fc.property(given, ([entries, other]) => {
      const map = new PartMap<number>();
      const known = new Map<string, number>();
      for (const [parts, value] of entries) {
        expect(map.set(value, ...parts)).toBe(value);
        known.set(JSON.stringify(parts), value);
      }
      for (const parts of [other, ...entries.map(([parts]) => parts)]) {
        expect(map.get(...parts)).toBe(known.get(JSON.stringify(parts)));
      }
    }),
  );
});
