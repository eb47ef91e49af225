import { Failure } from '../domain/failure.ts';
import { type CursorSigner, fingerprint } from './pagination/signed-cursor.ts';

/**
 * A key that orders rows and finds them again: plain JSON data, with the same length for all rows of a list.
 */
export type RowKey = readonly (string | number | null)[];

/** What the cursors of a list are bound to. */
export interface CursorBounds {
  /** Identifies the list: a cursor of another one is CURSOR_INVALID. */
  readonly name: RowKey;
  /** The filter, as plain JSON data: a cursor made under another filter is CURSOR_FILTER_CHANGED. */
  readonly filter: unknown;
}

/** Cursors of one list under one filter. */
export interface ListCursors {
  encode(key: RowKey): string;
  /** The key in a cursor; throws CURSOR_INVALID or CURSOR_FILTER_CHANGED. */
  decode(cursor: string): RowKey;
}

/** Most answers select no cursor, so the bounds are computed for the first one. */
export function createListCursors(boundTo: () => CursorBounds, signer: CursorSigner): ListCursors {
  let fingerprints: readonly [string, string] | null = null;
  const bound = () => {
    if (fingerprints === null) {
      const { name, filter } = boundTo();
      fingerprints = [fingerprint(name), fingerprint(filter)];
    }
    return fingerprints;
  };
  return {
    encode: (key) => signer.sign([...bound(), key]),
    decode(cursor) {
      const payload = signer.verify(cursor);
      const [cursorName, cursorFilter, key] = Array.isArray(payload) ? payload : [];
      const [boundName, boundFilter] = bound();
      if (cursorName !== boundName) {
        throw new Failure(
          'CURSOR_INVALID',
          'The cursor belongs to another list. Start this list without a cursor.',
        );
      }
      if (cursorFilter !== boundFilter) {
        throw new Failure(
          'CURSOR_FILTER_CHANGED',
          'The cursor was made with another filter. Keep the filter while paging, or start again without a cursor.',
        );
      }
      return key as RowKey;
    },
  };
}
