import { Failure } from '../../domain/failure.ts';
import type { Transaction } from '../../domain/model.ts';

/** What is known about Ibanera's filter by asset account, for as long as the process lives. */
export interface FilterTrust {
  /** Two asset accounts' newest rows were seen, and no row was in both. */
  isEarned: boolean;
}

/**
 * Refuses lists of different asset accounts in which one row occurs twice, with UPSTREAM_SHAPE: rows that do not say
 * whose they are then came whatever account was asked for, and nobody knows whose they are. The two sides of a
 * transfer may share an id, never the signed amount. `areNewest` says that all lists begin with their newest row.
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
  // A list that is empty proves nothing: the row may have come after it was asked.
  if (areNewest && lists.filter(({ rows }) => rows.length > 0).length > 1) trust.isEarned = true;
}

/** What does not change while a row is being settled. */
function textOf({ providerTransactionId, amount, createdAt }: Transaction): string {
  return JSON.stringify([providerTransactionId, amount?.amount ?? null, createdAt.second, createdAt.nano]);
}

function ignored(): Failure {
  return new Failure(
    'UPSTREAM_SHAPE',
    'Ibanera lists the same transactions under several asset accounts, and its rows do not name theirs, so that nobody ' +
      'knows whose they are. Leave IBANERA_TRANSACTIONS off until Ibanera keeps to AccountsId.',
    { provider: 'IBANERA', ledger: 'ASSET', retryable: false },
  );
}
