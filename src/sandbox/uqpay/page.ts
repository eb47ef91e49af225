import { type Answer, jsonAnswer } from '../shared/answers.ts';
import { shuffled } from '../shared/shuffled.ts';
import type { UqpayBehaviour } from './behaviour.ts';
import type { Selection } from './ledger.ts';
import type { PageRequest, Refusal } from './query.ts';

/** The rows of an array, as a selection. */
export function toSelection<Row>(rows: readonly Row[]): Selection<Row> {
  return { total: rows.length, slice: (rowIndex, count) => rows.slice(rowIndex, rowIndex + count) };
}

/** Counts of the documented sample replies, which hold one row (section 11.3). */
const sampleCounts = {
  others: { total_pages: 10, total_items: 105 },
  issuing: { total_pages: 1, total_items: 10 },
} as const;

/** How a list is cut into pages, and for which route. */
export interface PageRules {
  readonly behaviour: UqpayBehaviour;
  readonly line: 'accounts' | 'banking' | 'issuing' | 'payment';
  readonly refuse: Refusal;
}

/** The body of a list, `{total_pages, total_items, data}` (reference section 2.3), with one page of the selection. */
export function pageAnswer<Row>(
  selection: Selection<Row>,
  { pageNumber: asked, pageSize: askedSize }: PageRequest,
  encodeRow: (row: Row) => string,
  { behaviour, line, refuse }: PageRules,
): Answer {
  const toBody = (counts: object, rows: readonly Row[]) =>
    jsonAnswer(200, `${JSON.stringify(counts).slice(0, -1)},"data":[${rows.map(encodeRow).join(',')}]}`);
  if (behaviour.staticSamples) {
    return toBody(line === 'issuing' ? sampleCounts.issuing : sampleCounts.others, selection.slice(0, 1));
  }
  const pageSize = Math.min(askedSize, behaviour.pageSizeCap ?? askedSize);
  const totalPages = Math.ceil(selection.total / pageSize);
  const lastPage = Math.max(totalPages, 1);
  const pageNumber =
    behaviour.pageNumber === 'ignored' ? 1 : asked + (behaviour.pageNumber === 'from-zero' ? 1 : 0);
  if (pageNumber > lastPage && behaviour.pageBeyondEnd === 'refused') {
    throw refuse('page_number is past the last page');
  }
  const page = behaviour.pageBeyondEnd === 'last-page' ? Math.min(pageNumber, lastPage) : pageNumber;
  const sizeOfStart = { 'of-given-size': pageSize, 'of-asked-size': askedSize, 'of-page-size-10': 10 };
  const startIndex = (page - 1) * sizeOfStart[behaviour.pageStart];
  const isOneOrder = behaviour.pageOrder === 'one';
  const inOrder = isOneOrder ? selection : toSelection(shuffled(selection.slice(0, selection.total)));
  const rows = asked === behaviour.emptyPageNumber ? [] : inOrder.slice(startIndex, pageSize);
  const counts = {
    total_pages: totalPagesSaid(totalPages, selection.total, askedSize, behaviour),
    total_items: totalItemsSaid(selection.total, rows.length, behaviour),
  };
  return toBody(counts, rows);
}

function totalItemsSaid(total: number, rowsOnPage: number, { totalItems }: UqpayBehaviour): number | string {
  switch (totalItems) {
    case 'of-list':
      return total;
    case 'of-page':
      return rowsOnPage;
    case 'zero':
      return 0;
    case 'one-less':
      return Math.max(0, total - 1);
    case 'one-more':
      return total + 1;
    case 'text':
      return String(total);
  }
}

function totalPagesSaid(
  totalPages: number,
  total: number,
  askedSize: number,
  behaviour: UqpayBehaviour,
): number | undefined {
  switch (behaviour.totalPages) {
    case 'of-list':
      return totalPages;
    case 'of-asked-size':
      return Math.ceil(total / askedSize);
    case 'of-page-size-10':
      return Math.ceil(total / 10);
    case 'one':
      return 1;
    case 'absent':
      return undefined;
  }
}
