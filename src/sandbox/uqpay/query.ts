import { RefusedCall } from '../shared/answers.ts';
import { typedError } from './answers.ts';
import { type Instant, parseInstant } from './instant.ts';

/** Builds the 400 of a route for a bad parameter; the shape and code differ by line (section 2.3). */
export type Refusal = (message: string) => RefusedCall;

/** Banking and payment: the parameter could not be bound or a validator failed. */
export const invalidParameter: Refusal = (message) =>
  new RefusedCall(typedError(400, 'invalid_request_error', 'invalid_parameter', message));

/** Issuing repeats the type as the code. */
export const invalidIssuingRequest: Refusal = (message) =>
  new RefusedCall(typedError(400, 'invalid_request_error', 'invalid_request_error', message));

/** A whole number in the query; refused if missing or not an integer. */
function readInteger(query: URLSearchParams, name: string, refuse: Refusal): number {
  const text = query.get(name);
  if (text === null || text === '') throw refuse(`${name} is required`);
  if (!/^-?\d{1,9}$/.test(text)) throw refuse(`${name} must be an integer`);
  return Number(text);
}

/** The requested page: `pageNumber` from 1. */
export interface PageRequest {
  readonly pageNumber: number;
  readonly pageSize: number;
}

/** Both page parameters are required (section 8, row 10); the size range differs by route. */
export function readPageRequest(
  query: URLSearchParams,
  range: { readonly min: number; readonly max: number | null },
  outOfRange: 'refused' | 'clamped',
  refuse: Refusal,
): PageRequest {
  const pageSize = readInteger(query, 'page_size', refuse);
  const pageNumber = readInteger(query, 'page_number', refuse);
  if (pageNumber < 1) throw refuse('page_number must be at least 1');
  const max = range.max ?? Number.MAX_SAFE_INTEGER;
  const clamped = Math.min(Math.max(pageSize, range.min), max);
  if (clamped !== pageSize && outOfRange === 'refused') {
    throw refuse(`page_size must be ${range.min} or more${range.max === null ? '' : ` and ${max} or less`}`);
  }
  return { pageNumber, pageSize: clamped };
}

/** An optional ISO 8601 bound; refused if it cannot be read, for example with an unencoded `+` (section 5.2). */
export function readInstant(query: URLSearchParams, name: string, refuse: Refusal): Instant | null {
  const text = query.get(name);
  if (text === null) return null;
  const instant = parseInstant(text);
  if (instant === null) throw refuse(`${name} must be an ISO 8601 time with an offset`);
  return instant;
}

/** An optional word of a closed list; null when absent. */
export function readWord(
  query: URLSearchParams,
  name: string,
  words: ReadonlySet<string>,
  refuse: Refusal,
): string | null {
  const text = query.get(name);
  if (text !== null && !words.has(text)) throw refuse(`${name} must be one of ${[...words].join(' ')}`);
  return text;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a UUID of any version. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
