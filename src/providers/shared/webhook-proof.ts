import { createHash, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';

/** Whether two digests are the same, in a time that tells nothing about them. */
export function isSameDigest(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** An identifier for an event that says none: of its bytes. */
export function bodyDigest(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url');
}

/** The JSON object of a body; empty for anything else. A proven body is taken whatever stands in it. */
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

/** A member that is text and not empty; null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
