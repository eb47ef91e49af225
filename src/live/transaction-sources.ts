import type { WantedLedger } from '../data/balances/balance-sources.ts';
import type { SourceOutcome, TransactionSelection } from '../data/pagination/page.ts';
import { rowFilter } from '../data/pagination/source-groups.ts';
import { compareInstants } from '../domain/instant.ts';
import type { Transaction } from '../domain/model.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import { codesOf, type Provider } from '../ports/provider.ts';
import type { TransactionSnapshot } from './transaction-reader.ts';

/** Whether a row of a list is selected. */
export function filterOf(
  { account, ledger }: WantedLedger,
  selection: TransactionSelection,
  providers: ReadonlyMap<ProviderCode, Provider>,
): (row: Transaction) => boolean {
  const provider = providers.get(account.ref.provider);
  const matches = rowFilter(selection, provider?.transactions.get(ledger) ?? {}, codesOf(provider));
  const { createdFrom, createdTo } = selection;
  return (row) =>
    (createdFrom === null || compareInstants(row.createdAt, createdFrom) >= 0) &&
    (createdTo === null || compareInstants(row.createdAt, createdTo) < 0) &&
    matches(row);
}

/** The outcome of each list. A ledger that the account does not have is OK, and empty. */
export function sourcesOf(snapshots: readonly TransactionSnapshot[]): readonly SourceOutcome[] {
  return snapshots.map((snapshot) =>
    isMissing(snapshot, snapshots) ? { ...snapshot.source, state: 'OK', failure: null } : snapshot.source,
  );
}

/** The last second of which no list can get another row. */
export function closedSecondOf(snapshots: readonly TransactionSnapshot[], nowSecond: number): number {
  const present = snapshots.filter((snapshot) => !isMissing(snapshot, snapshots));
  return present.length === 0 ? nowSecond : Math.min(...present.map(({ closedSecond }) => closedSecond));
}

/** Whether the account does not have this ledger: it is not found here, and answers in another ledger. */
function isMissing(
  { source, ...snapshot }: TransactionSnapshot,
  snapshots: readonly TransactionSnapshot[],
): boolean {
  return (
    snapshot.isMissing &&
    snapshots.some(
      (other) =>
        other.source.provider === source.provider &&
        other.source.providerAccountId === source.providerAccountId &&
        other.source.state !== 'FAILED',
    )
  );
}
