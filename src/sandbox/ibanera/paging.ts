import type { Answer } from '../shared/answers.ts';
import { shuffled } from '../shared/shuffled.ts';
import type { IbaneraBehaviour } from './behaviour.ts';
import { refused, success } from './envelope.ts';

const defaultPageSize = 10;

/** The page parameters of a call; null for one that was not sent. */
export interface PageAsked {
  readonly pageNumber: number | null;
  readonly pageSize: number | null;
}

/** Reads `pageNumber` and `pageSize` in the accepted spellings; others are ignored. */
export function readPageAsked(
  query: URLSearchParams,
  casing: IbaneraBehaviour['pageParameterCasing'],
): PageAsked {
  const read = (camel: string, pascal: string): number | null => {
    const text =
      (casing === 'pascal' ? null : query.get(camel)) ?? (casing === 'camel' ? null : query.get(pascal));
    if (text === null) return null;
    if (!/^[1-9]\d{0,8}$/.test(text)) throw refused(400, pascal, 'Invalid');
    return Number(text);
  };
  return { pageNumber: read('pageNumber', 'PageNumber'), pageSize: read('pageSize', 'PageSize') };
}

/** One page of a list; `rows` are JSON texts. */
export function pageAnswer(rows: readonly string[], asked: PageAsked, behaviour: IbaneraBehaviour): Answer {
  if (behaviour.staticSamples) {
    return success(toDetails(rows.slice(0, 2), behaviour), { pageNumber: 1, numberOfPages: 3, pageSize: 2 });
  }
  const numberAsked = asked.pageNumber ?? 1;
  const pageNumber = behaviour.pageNumber === 'ignored' ? 1 : numberAsked;
  const sizeAsked = asked.pageSize ?? defaultPageSize;
  const pageSize = Math.min(sizeAsked, behaviour.pageSizeMax);
  const pageCount = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = behaviour.pageBeyondEnd === 'last-page' ? Math.min(pageNumber, pageCount) : pageNumber;
  const sizeOfBegin = {
    'by-size-used': pageSize,
    'by-size-asked': sizeAsked,
    'by-default-size': defaultPageSize,
  };
  const firstIndex = (page - 1) * sizeOfBegin[behaviour.pageBegins];
  if (pageNumber > pageCount && behaviour.pageBeyondEnd === 'refused') {
    throw refused(400, 'PageNumber', 'Invalid');
  }
  const isEmpty = numberAsked === behaviour.emptyPageNumber;
  const inOrder = behaviour.pageOrder === 'one' ? rows : shuffled(rows);
  const cut = isEmpty ? [] : inOrder.slice(firstIndex, firstIndex + pageSize);
  const counted = behaviour.numberOfPages === 'one' ? 1 : pageCount;
  const numberOfPages = behaviour.numberOfPages === false ? null : counted;
  return success(toDetails(cut, behaviour), {
    pageNumber: { used: page, asked: numberAsked, none: null }[behaviour.pageNumberEcho],
    numberOfPages,
    pageSize: { used: pageSize, asked: sizeAsked, none: null }[behaviour.pageSizeEcho],
  });
}

/** The `details` of a list; `rows` are JSON texts. */
export function toDetails(rows: readonly string[], { emptyDetails }: IbaneraBehaviour): string {
  return rows.length === 0 && emptyDetails === 'null' ? 'null' : `[${rows.join(',')}]`;
}
