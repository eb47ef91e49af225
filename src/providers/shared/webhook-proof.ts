import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';

/** Whether two digests are equal; the time it takes reveals nothing about them. */
export function isSameDigest(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** An identifier for an event that names none: the digest of its bytes. */
export function bodyDigest(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url');
}

/** The JSON object of a body; empty for anything else. A verified body is accepted whatever it contains. */
export function bodyObject(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return z
      .record(z.string(), z.unknown())
      .catch({})
      .parse(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch {
    return {};
  }
}

/** A value that is non-empty text; null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
