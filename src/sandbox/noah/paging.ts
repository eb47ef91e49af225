import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Answer, jsonAnswer } from '../shared/answers.ts';
import { shuffled } from '../shared/shuffled.ts';
import type { NoahBehaviour } from './behaviour.ts';
import { refused } from './errors.ts';

const defaultPageSize = 20;

/** The contents of a page token; opaque to callers. */
const tokenSchema = z.object({
  /** Id of the last row before the page; null for a page that starts the list over. */
  after: z.string().nullable(),
  offset: z.int().min(0),
  /** List, page size and direction that it was issued for. */
  bound: z.string(),
  madeAtMs: z.number(),
  /** True for the token of an empty page. */
  empty: z.boolean(),
});
type PageToken = z.output<typeof tokenSchema>;

/** A list to cut into pages. */
export interface PagedList<Row> {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
}

/** One page, `{Items, PageToken}` (reference sections 3 and 4). */
export function pageAnswer<Row>(
  list: PagedList<Row>,
  query: URLSearchParams,
  behaviour: NoahBehaviour,
  nowMs: number,
): Answer {
  if (behaviour.staticSamples) {
    return jsonAnswer(200, JSON.stringify({ Items: list.rows.slice(0, 1), PageToken: 'inventedToken' }));
  }
  const pageSize = readPageSize(query.get('PageSize'), behaviour);
  const bound = JSON.stringify([list.name, pageSize, query.get('SortDirection') ?? 'DESC']);
  const token = readToken(query.get('PageToken'), bound, behaviour, nowMs);
  const { pageTokens } = behaviour;
  if (pageTokens !== 'lead-on' && list.rows.length > 0)
    return endlessPage(list, pageSize, bound, token, nowMs, pageTokens);
  const startIndex = toStartIndex(list, token, behaviour);
  // Every second page is empty: its token leads to the rows that would have been here.
  const isEmpty = behaviour.emptyPages && token !== null && !token.empty;
  const rows = behaviour.pageOrder === 'one' ? list.rows : shuffled(list.rows);
  const items = isEmpty ? [] : rows.slice(startIndex, startIndex + pageSize);
  const endIndex = startIndex + items.length;
  const last = items.at(-1) ?? list.rows[endIndex - 1];
  const body = toBody(items, behaviour.emptyItems);
  if (endIndex >= list.rows.length) {
    return jsonAnswer(
      200,
      JSON.stringify(behaviour.lastPageToken === 'empty' ? { ...body, PageToken: '' } : body),
    );
  }
  const next: PageToken = {
    after: last === undefined ? null : list.idOf(last),
    offset: endIndex,
    bound,
    madeAtMs: nowMs,
    empty: isEmpty,
  };
  return jsonAnswer(200, JSON.stringify({ ...body, PageToken: encodeToken(next) }));
}

/** A page of a list whose tokens never lead to its end; each token is a new one. */
function endlessPage<Row>(
  { rows }: PagedList<Row>,
  pageSize: number,
  bound: string,
  token: PageToken | null,
  nowMs: number,
  leadTo: 'lead-back' | 'lead-to-empty-pages',
): Answer {
  const isFirst = token === null || leadTo === 'lead-back';
  const next: PageToken = {
    after: null,
    offset: (token?.offset ?? 0) + 1,
    bound,
    madeAtMs: nowMs,
    empty: false,
  };
  const body = { Items: isFirst ? rows.slice(0, pageSize) : [], PageToken: encodeToken(next) };
  return jsonAnswer(200, JSON.stringify(body));
}

function toBody<Row>(items: readonly Row[], emptyItems: NoahBehaviour['emptyItems']) {
  if (items.length > 0 || emptyItems === 'array') return { Items: items };
  return emptyItems === 'null' ? { Items: null } : {};
}

function readPageSize(text: string | null, behaviour: NoahBehaviour): number {
  if (text === null) return Math.min(defaultPageSize, behaviour.pageSizeMax);
  const size = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
  const isTooLarge = size > behaviour.pageSizeMax;
  if (size === 0 || (isTooLarge && behaviour.pageSizeTooLarge === 'refused')) {
    throw refused(400, 'InvalidMessage', 'PageSize');
  }
  return Math.min(size, behaviour.pageSizeMax);
}

function toStartIndex<Row>(list: PagedList<Row>, token: PageToken | null, behaviour: NoahBehaviour): number {
  if (token === null) return 0;
  if (behaviour.pageTokenPosition === 'offset' || token.after === null) return token.offset;
  const index = list.rows.findIndex((row) => list.idOf(row) === token.after);
  // The row is gone: continues where it was.
  return index === -1 ? Math.max(0, token.offset - 1) : index + 1;
}

/** Standard base64, so that tokens contain `+`, `/` and `=`, which must be encoded in a URL. */
function encodeToken(token: PageToken): string {
  const text = JSON.stringify(token);
  const sum = createHash('sha256').update(text).digest();
  return `${sum.toString('base64')}${Buffer.from(text).toString('base64')}`;
}

const sumLength = 44;

function readToken(
  text: string | null,
  bound: string,
  behaviour: NoahBehaviour,
  nowMs: number,
): PageToken | null {
  if (text === null) return null;
  const token = decodeToken(text);
  const { pageTokensAreBound, pageTokenLifetimeSeconds } = behaviour;
  const isExpired =
    token !== null &&
    pageTokenLifetimeSeconds !== null &&
    nowMs - token.madeAtMs >= pageTokenLifetimeSeconds * 1_000;
  if (token === null || isExpired || (pageTokensAreBound && token.bound !== bound)) {
    throw refused(400, 'InvalidMessage', 'PageToken');
  }
  return token;
}

function decodeToken(text: string): PageToken | null {
  try {
    const token = tokenSchema.parse(
      JSON.parse(Buffer.from(text.slice(sumLength), 'base64').toString('utf8')),
    );
    return encodeToken(token) === text ? token : null;
  } catch {
    return null;
  }
}
