import { Failure } from '../../domain/failure.ts';
import type { Transaction } from '../../domain/model.ts';

/** What is known about Ibanera's filter by asset account; kept as long as the process lives. */
export interface FilterTrust {
  /** The newest rows of two asset accounts were seen, and no row was in both. */
  isEarned: boolean;
}

/**
 * Throws UPSTREAM_SHAPE if one row is in the lists of two asset accounts: rows that do not name their account then came
 * whichever account was requested, and it is unknown whose they are. The two sides of a transfer may share an id, but
 * never the signed amount. `areNewest` says that all lists begin with their newest row.
 */
export function refuseSharedRows(
  lists: readonly { readonly rows: readonly Transaction[] }[],
  areNewest: boolean,
  trust: FilterTrust,
): void {
  const seen = new Set<string>();
  for (const { rows } of lists) {
    const here = rows.map(textOf);
    if (here.some((text) => seen.has(text))) throw ignored();
    for (const text of here) seen.add(text);
  }
  // An empty list proves nothing: the row may have come after it was read.
  if (areNewest && lists.filter(({ rows }) => rows.length > 0).length > 1) trust.isEarned = true;
}

/** The fields of a row that do not change while it settles. */
function textOf({ providerTransactionId, amount, createdAt }: Transaction): string {
  return JSON.stringify([providerTransactionId, amount?.amount ?? null, createdAt.second, createdAt.nano]);
}

function ignored(): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    'Ibanera lists the same transactions under several asset accounts, and its rows do not name theirs, so that it is ' +
      'knows whose they are. Leave IBANERA_TRANSACTIONS off until Ibanera keeps to AccountsId.',
    { provider: 'IBANERA', ledger: 'ASSET', retryable: false },
  );
}
