import { describe, expect, test } from '@jest/globals';
import type { TransactionPage } from '../../../../src/data/pagination/page.ts';
import { createCursorSigner } from '../../../../src/data/pagination/signed-cursor.ts';
import { Failure } from '../../../../src/domain/failure.ts';
import { asPartOfLongText, heapKept } from '../../../support/heap-kept.ts';
import { MovingList, makeRow } from '../../../support/moving-list.ts';
import { first, idsOf, last, makeContext, selectionOf, walkerOver } from '../../../support/walks.ts';

const newest = 1_780_000_000;

function listOf(
  rowCount: number,
  ledger: 'BANKING' | 'ISSUING' = 'BANKING',
  accountId: string | null = null,
) {
  const list = new MovingList(ledger);
  list.record = Array.from({ length: rowCount }, (_, rowIndex) =>
    makeRow(
      `${ledger}-${accountId ?? 'master'}-${String(rowIndex).padStart(4, '0')}`,
      { second: newest - rowIndex * 60, nano: 0 },
      { ledger, account: { provider: 'UQPAY', providerAccountId: accountId } },
    ),
  );
  return list;
}

async function codeOf(promise: Promise<TransactionPage>): Promise<string> {
  try {
    await promise;
    return 'answered';
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
}

describe('a cursor', () => {
  test('that was changed in any character is CURSOR_INVALID', async () => {
    const paginator = walkerOver(listOf(50));
    const cursor = (await paginator.page(selectionOf(), first(5), makeContext())).cursorOf(4);
    for (let at = 0; at < cursor.length; at++) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
      expect(await codeOf(paginator.page(selectionOf(), first(5, changed), makeContext()))).toBe(
        'CURSOR_INVALID',
      );
    }
    for (const foreign of ['x', '!!', `${cursor}=`, `${cursor}A`, cursor.slice(1), 'A'.repeat(10_000)]) {
      expect(await codeOf(paginator.page(selectionOf(), first(5, foreign), makeContext()))).toBe(
        'CURSOR_INVALID',
      );
    }
  });

  test('of another filter is CURSOR_FILTER_CHANGED; the same filter in another order is accepted', async () => {
    const paginator = walkerOver(listOf(50));
    const usd = selectionOf({ currencies: ['USD', 'EUR'] });
    const cursor = (await paginator.page(usd, first(5), makeContext())).cursorOf(4);
    const other = selectionOf({ currencies: ['USD'] });
    expect(await codeOf(paginator.page(other, first(5, cursor), makeContext()))).toBe(
      'CURSOR_FILTER_CHANGED',
    );
    expect(await codeOf(paginator.page(selectionOf(), first(5, cursor), makeContext()))).toBe(
      'CURSOR_FILTER_CHANGED',
    );
    const turned = selectionOf({ currencies: ['EUR', 'USD'] });
    expect(await codeOf(paginator.page(turned, first(5, cursor), makeContext()))).toBe('answered');
  });

  test('of another account is CURSOR_INVALID', async () => {
    const paginator = walkerOver(listOf(50));
    const cursor = (await paginator.page(selectionOf(), first(5), makeContext())).cursorOf(4);
    const other = selectionOf({
      accounts: [{ ref: { provider: 'UQPAY', providerAccountId: 'a' }, ledgers: null }],
    });
    expect(await codeOf(paginator.page(other, first(5, cursor), makeContext()))).toBe('CURSOR_INVALID');
  });

  test('works on another replica with the same secret', async () => {
    const list = listOf(50);
    const cursor = (await walkerOver(list).page(selectionOf(), first(5), makeContext())).cursorOf(4);
    const page = await walkerOver(list).page(selectionOf(), first(5, cursor), makeContext());
    expect(idsOf(page)[0]).toBe('BANKING-master-0005');
  });

  test('that was verified does not keep the request it came in alive', () => {
    const signer = createCursorSigner(new Uint8Array(32));
    const kept = heapKept(() => {
      for (let index = 0; index < 30; index++) signer.verify(asPartOfLongText(signer.sign({ index })));
    });
    expect(kept).toBeLessThan(5_000_000);
  });

  test('over 16 sources stays under 2 KB', async () => {
    const accountIds = Array.from({ length: 16 }, (_, n) => `0b2c9467-b4ce-4b7e-adff-ebbeb762f7${10 + n}`);
    const list = new MovingList('BANKING');
    list.record = accountIds.flatMap((accountId) => listOf(300, 'BANKING', accountId).record);
    const selection = selectionOf({
      accounts: accountIds.map((accountId) => ({
        ref: { provider: 'UQPAY', providerAccountId: accountId },
        ledgers: null,
      })),
    });
    const paginator = walkerOver(list);
    const page = await paginator.page(selection, first(100), makeContext());
    expect(list.calls).toBe(16);
    expect(page.cursorOf(99).length).toBeLessThan(2048);
    const cursors = await page.pageCursors();
    expect(Math.max(...(cursors?.around ?? []).map(({ cursor }) => cursor.length))).toBeLessThan(2048);
  });
});

test('first with before stops at the row that before names', async () => {
  const paginator = walkerOver(listOf(50));
  const page = await paginator.page(selectionOf(), first(20), makeContext());
  const between = await paginator.page(
    selectionOf(),
    { ...first(10, page.cursorOf(2)), until: page.cursorOf(6) },
    makeContext(),
  );
  expect(idsOf(between)).toEqual(idsOf(page).slice(3, 6));
  expect(await between.hasNextPage()).toBe(true);
  const upwards = await paginator.page(
    selectionOf(),
    { ...last(10, page.cursorOf(9)), until: page.cursorOf(6) },
    makeContext(),
  );
  expect(idsOf(upwards)).toEqual(idsOf(page).slice(7, 9));
  const top = await paginator.page(selectionOf(), { ...first(10), until: page.cursorOf(3) }, makeContext());
  expect(idsOf(top)).toEqual(idsOf(page).slice(0, 3));
  expect([await top.hasPreviousPage(), await top.hasNextPage()]).toEqual([false, true]);
  const bottom = await paginator.page(
    selectionOf(),
    { ...last(10), until: page.cursorOf(19) },
    makeContext(),
  );
  expect(idsOf(bottom)[0]).toBe('BANKING-master-0040');
  const lastTwo = await paginator.page(
    selectionOf(),
    { ...last(40), until: page.cursorOf(19) },
    makeContext(),
  );
  expect(idsOf(lastTwo)).toHaveLength(30);
  expect([await lastTwo.hasPreviousPage(), await lastTwo.hasNextPage()]).toEqual([true, false]);
});

test('after and before return the same rows, even if the cursor’s row has been deleted', async () => {
  const list = listOf(50);
  const paginator = walkerOver(list);
  const page = await paginator.page(selectionOf(), first(10), makeContext());
  list.record = list.record.filter((row) => row.providerTransactionId !== idsOf(page)[9]);
  const next = await paginator.page(selectionOf(), first(10, page.cursorOf(9)), makeContext());
  expect(idsOf(next)[0]).toBe('BANKING-master-0010');
  expect(await next.hasPreviousPage()).toBe(true);
  const back = await paginator.page(selectionOf(), last(100, next.cursorOf(0)), makeContext());
  expect(idsOf(back)).toEqual(idsOf(page).slice(0, 9));
});

test('hasPreviousPage is false once everything before the page is deleted', async () => {
  const list = listOf(5);
  const paginator = walkerOver(list);
  const page = await paginator.page(selectionOf(), first(1), makeContext());
  list.record.shift();
  const next = await paginator.page(selectionOf(), first(2, page.cursorOf(0)), makeContext());
  expect(await next.hasPreviousPage()).toBe(false);
});

describe('a source that fails', () => {
  const down = () => new Failure('UPSTREAM_UNAVAILABLE', 'down');

  test('does not affect the others, is named, and returns its rows later', async () => {
    const banking = listOf(30);
    const issuing = listOf(30, 'ISSUING');
    const paginator = walkerOver(banking, issuing);
    const whole = await paginator.page(selectionOf(), first(60), makeContext());
    expect(whole.rows).toHaveLength(60);

    issuing.failNext = down();
    const partial = await paginator.page(selectionOf(), first(10), makeContext());
    expect(partial.sources.map(({ ledger, state }) => [ledger, state])).toEqual([
      ['BANKING', 'OK'],
      ['ISSUING', 'FAILED'],
    ]);
    expect(partial.rows.every((row) => row.ledger === 'BANKING')).toBe(true);
    expect(await partial.totalCount()).toBeNull();
    expect(await partial.hasNextPage()).toBe(true);

    const seen = idsOf(partial);
    for (let page = partial; await page.hasNextPage(); ) {
      page = await paginator.page(
        selectionOf(),
        first(10, page.cursorOf(page.rows.length - 1)),
        makeContext(),
      );
      seen.push(...idsOf(page));
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect([...seen].sort()).toEqual(idsOf(whole).sort());
  });

  test('on the first page follows with all its rows, even those newer than the window of the others', async () => {
    const banking = listOf(30);
    const issuing = listOf(30, 'ISSUING');
    issuing.record = issuing.record.map((row) => ({
      ...row,
      createdAt: { ...row.createdAt, second: row.createdAt.second + 400 },
    }));
    const paginator = walkerOver(banking, issuing);
    issuing.failNext = down();
    const pages = [await paginator.page(selectionOf(), first(7), makeContext())];
    for (;;) {
      const page = pages.at(-1) as TransactionPage;
      if (!(await page.hasNextPage())) break;
      pages.push(
        await paginator.page(selectionOf(), first(7, page.cursorOf(page.rows.length - 1)), makeContext()),
      );
      // Added after the source answered, so not in the window.
      if (pages.length === 2) {
        issuing.record.push(makeRow('late', { second: newest + 900, nano: 0 }, { ledger: 'ISSUING' }));
      }
    }
    const seen = pages.flatMap(idsOf);
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);

    // Paging back returns the same rows.
    for (let pageIndex = pages.length - 1; pageIndex > 0; pageIndex--) {
      const before = pages.slice(0, pageIndex).flatMap(idsOf);
      const cursor = (pages[pageIndex] as TransactionPage).cursorOf(0);
      const page = await paginator.page(selectionOf(), last(100, cursor), makeContext());
      expect([...idsOf(page)].sort()).toEqual([...before].sort());
    }
  });

  test('in the middle of paging neither loses nor repeats rows', async () => {
    for (let failAt = 1; failAt < 8; failAt++) {
      const lists: readonly [MovingList, MovingList] = [listOf(230), listOf(230, 'ISSUING')];
      const paginator = walkerOver(...lists);
      let page = await paginator.page(selectionOf(), first(33), makeContext());
      const seen = idsOf(page);
      for (let pageNumber = 2; await page.hasNextPage(); pageNumber++) {
        if (pageNumber === failAt) lists[failAt % 2 === 0 ? 0 : 1].failNext = down();
        page = await paginator.page(
          selectionOf(),
          first(33, page.cursorOf(page.rows.length - 1)),
          makeContext(),
        );
        seen.push(...idsOf(page));
      }
      expect(seen).toHaveLength(460);
      expect(new Set(seen).size).toBe(460);
    }
  });

  test('next to one that has ended leaves a page that can be resumed', async () => {
    const banking = listOf(1);
    const issuing = listOf(0, 'ISSUING');
    const paginator = walkerOver(banking, issuing);
    const page = await paginator.page(selectionOf(), first(1), makeContext());
    banking.record.push(makeRow('older', { second: newest - 600, nano: 0 }));
    banking.failNext = down();
    const cursor = page.cursorOf(0);
    const empty = await paginator.page(selectionOf(), first(1, cursor), makeContext());
    expect([empty.rows.length, await empty.hasNextPage(), empty.resumeCursor]).toEqual([0, true, cursor]);
    expect([await empty.totalCount(), await empty.pageCursors()]).toEqual([null, null]);
    const resumed = await paginator.page(selectionOf(), first(1, empty.resumeCursor), makeContext());
    expect(idsOf(resumed)).toEqual(['older']);
  });

  test('along with all others is named in the page', async () => {
    const banking = listOf(30);
    banking.failNext = down();
    const page = await walkerOver(banking).page(selectionOf(), first(10), makeContext());
    expect(page.rows).toEqual([]);
    expect(page.sources).toMatchObject([
      { ledger: 'BANKING', state: 'FAILED', failure: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
  });
});
