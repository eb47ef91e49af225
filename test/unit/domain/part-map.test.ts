import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PartMap } from '../../../src/domain/part-map.ts';

test('finds what was set under equal parts in the same order, and nothing else', () => {
  const key = fc.tuple(fc.string({ maxLength: 2 }), fc.string({ maxLength: 2 }), fc.string({ maxLength: 2 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat())), key, (entries, other) => {
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
