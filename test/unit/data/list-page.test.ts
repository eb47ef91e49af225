import { expect, test } from '@jest/globals';
import { toListPage } from '../../../src/data/list-page.ts';
import { createCursorSigner } from '../../../src/data/pagination/signed-cursor.ts';
import fc from '../../support/fast-check.ts';

const signer = createCursorSigner(Buffer.from('a secret for tests only'));
type Row = readonly [number, string | null];
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.integer({ min: 0, max: 3 }),
  fc.option(fc.string({ maxLength: 2 }), { nil: null }),
);

function read(rows: readonly Row[], after: string | null, size: number) {
  const cursorBounds = () => ({ name: ['test'], filter: null });
  const list = { rows, keyOf: ([a, b]: Row) => [a, b], cursorBounds, sources: [] };
  return toListPage(
    list,
    { direction: 'forward', size, cursor: after, until: null, wantsTotal: false },
    signer,
  );
}

const textOf = (rows: readonly Row[]) => rows.map((one) => JSON.stringify(one));

test('paging through a changing list returns every row that stays exactly once, in one order', async () => {
  await fc.assert(
    fc.property(
      fc.uniqueArray(row, { selector: (one) => JSON.stringify(one) }),
      fc.array(fc.record({ size: fc.integer({ min: 1, max: 4 }), remove: fc.nat(), insert: row }), {
        maxLength: 40,
      }),
      (start, steps) => {
        let rows = [...start];
        const staying = new Set(textOf(rows));
        const seen: string[] = [];
        let cursor: string | null = null;
        for (const { size, remove, insert } of steps) {
          const page = read(rows, cursor, size);
          expect(page.totalCount).toBe(new Set(textOf(rows)).size);
          seen.push(...textOf(page.rows));
          if (page.rows.length > 0) cursor = page.cursorOf(page.rows.length - 1);
          if (!page.hasNextPage) break;
          const [gone] = rows.splice(remove % rows.length, 1);
          if (gone !== undefined) staying.delete(JSON.stringify(gone));
          rows = [...rows, insert].reverse();
        }
        expect(new Set(seen).size).toBe(seen.length);
        const whole = [...seen, ...textOf(read(rows, cursor, 100).rows)];
        for (const text of staying) expect(whole).toContain(text);
        expect(new Set(whole).size).toBe(whole.length);
      },
    ),
  );
});
