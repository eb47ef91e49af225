import { createHash } from 'node:crypto';

/** `AUTH_KEYS` of callers who may read everything, without a rate limit; the key of each is its name. */
export function keysOf(...subjects: readonly string[]): string {
  return JSON.stringify(
    subjects.map((subject) => ({
      subject,
      sha256: createHash('sha256').update(keyOf(subject)).digest('hex'),
      scopes: ['accounts:read', 'balances:read', 'transactions:read'],
      accounts: ['*'],
      requestsPerMinute: 0,
    })),
  );
}

/** The credential of one of them, as sent. */
export function bearer(subject: string): string {
  return `Bearer ${keyOf(subject)}`;
}

function keyOf(subject: string): string {
  return `${subject}-`.padEnd(32, '0');
}
