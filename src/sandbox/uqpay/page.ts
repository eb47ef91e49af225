import { type Answer, jsonAnswer } from './answers.ts';
import type { UqpayBehaviour } from './behaviour.ts';
import type { Selection } from './ledger.ts';
import type { PageRequest, Refusal } from './query.ts';

/** Rows held in an array, as a selection. */
export function toSelection<Row>(rows: readonly Row[]): Selection<Row> {
  return { total: rows.length, slice: (rowIndex, count) => rows.slice(rowIndex, rowIndex + count) };
}

/** A list body, `{total_pages, total_items, data}` (reference section 2.3), of one page of the selection. */
export function pageAnswer<Row>(
  selection: Selection<Row>,
  { pageNumber, pageSize }: PageRequest,
  beyondEnd: UqpayBehaviour['pageBeyondEnd'],
  encodeRow: (row: Row) => string,
  refuse: Refusal,
): Answer {
  const totalPages = Math.ceil(selection.total / pageSize);
  const lastPage = Math.max(totalPages, 1);
  if (pageNumber > lastPage && beyondEnd === 'refused') throw refuse('page_number is past the last page');
  const page = beyondEnd === 'last-page' ? Math.min(pageNumber, lastPage) : pageNumber;
  const rows = selection.slice((page - 1) * pageSize, pageSize);
  return jsonAnswer(
    200,
    `{"total_pages":${totalPages},"total_items":${selection.total},"data":[${rows.map(encodeRow).join(',')}]}`,
  );
}
