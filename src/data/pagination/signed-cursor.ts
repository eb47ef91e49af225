import { createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../domain/failure.ts';
import { RecentValues } from '../../domain/recent-values.ts';

/** Signs cursors, which are opaque and versioned, and verifies them. */
export interface CursorSigner {
  /** Cursor text for `payload`, which must be plain JSON data. */
  sign(payload: unknown): string;
  /**
   * The payload of a cursor, which must not be changed; throws `CURSOR_INVALID` if it was altered or made
   * with another secret.
   */
  verify(cursor: string): unknown;
}

const version = 1;
const macBytes = 16;
/** Longest cursor that is accepted; one over 16 sources stays under 2,048 characters. */
const cursorLengthMax = 8_192;
/** Verified cursors to cache: a client that polls a page sends the same one again. */
const verifiedMax = 500;

/**
 * Signs with `secret`. Layout: one version byte, the payload as JSON, the first 16 bytes of its HMAC-SHA-256;
 * base64url without padding. Replicas with the same secret accept each other's cursors.
 */
export function createCursorSigner(secret: Uint8Array): CursorSigner {
  // Created once: from bytes, each HMAC would create a key object, which takes five times as long as the HMAC.
  const key = createSecretKey(secret);
  const macOf = (bytes: Uint8Array) => createHmac('sha256', key).update(bytes).digest().subarray(0, macBytes);

  const verified = new RecentValues<unknown>(verifiedMax);

  return {
    sign(payload) {
      const json = Buffer.from(JSON.stringify(payload), 'utf8');
      const body = Buffer.concat([Buffer.from([version]), json]);
      return Buffer.concat([body, macOf(body)]).toString('base64url');
    },
    verify(cursor) {
      const known = verified.get(cursor);
      if (known !== undefined) return known;
      if (cursor.length > cursorLengthMax) throw invalid();
      const bytes = Buffer.from(cursor, 'base64url');
      // Re-encoding catches characters that the decoder skips: one cursor has exactly one spelling.
      const spelling = bytes.toString('base64url');
      if (bytes.length <= 1 + macBytes || spelling !== cursor) throw invalid();
      const body = bytes.subarray(0, -macBytes);
      if (!timingSafeEqual(macOf(body), bytes.subarray(-macBytes)) || body[0] !== version) throw invalid();
      const payload: unknown = JSON.parse(body.subarray(1).toString('utf8'));
      // With our own text as key: the caller's may be a slice of a whole request, which it would keep in
      // memory.
      verified.set(spelling, payload);
      return payload;
    },
  };
}

/** A digest of plain JSON data for a cursor: the list it belongs to, and the filter it was made with. */
export function fingerprint(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 12);
}

/** The same values for all filters that mean the same. */
export function sortedValues(values: readonly string[] | null): readonly string[] | null {
  return values === null ? null : [...new Set(values)].sort();
}

function invalid(): Failure {
  return new Failure(
    'CURSOR_INVALID',
    'The cursor was not made by this gateway, was changed, or was made with another CURSOR_SECRET. Start again without a cursor.',
  );
}
