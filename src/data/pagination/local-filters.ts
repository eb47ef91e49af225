import type { Transaction } from '../../domain/model.ts';
import { transactionDirections } from '../../domain/vocabulary.ts';
import type { TransactionFeed } from '../../ports/transaction-feed.ts';
import type { TransactionSelection } from './page.ts';

/** A filter that no provider documents, so it is applied here to every row read. */
export interface LocalFilter {
  /** False if no row of the ledger can match. */
  readonly isPossible: boolean;
  readonly matches: (row: Transaction) => boolean;
}

/** The filters of a selection that narrow a ledger and can only be applied here. */
export function localFilters(
  { providerTransactionIds = null, referenceIds, directions }: TransactionSelection,
  { absentFields = [] }: Pick<TransactionFeed, 'absentFields'>,
): readonly LocalFilter[] {
  const filters: LocalFilter[] = [];
  if (providerTransactionIds !== null) {
    const wanted = new Set(providerTransactionIds);
    filters.push({
      isPossible: wanted.size > 0,
      matches: ({ providerTransactionId }) => wanted.has(providerTransactionId),
    });
  }
  if (referenceIds !== null) {
    const wanted = new Set(referenceIds);
    filters.push({
      isPossible: wanted.size > 0 && !absentFields.includes('reference'),
      matches: ({ referenceId }) => referenceId !== null && wanted.has(referenceId),
    });
  }
  if (directions !== null) {
    const occurring = transactionDirections.filter(
      (direction) => direction === 'UNSPECIFIED' || !absentFields.includes('direction'),
    );
    // A filter that lists every possible value is no filter, so counts stay valid.
    if (!occurring.every((direction) => directions.includes(direction))) {
      filters.push({
        isPossible: occurring.some((direction) => directions.includes(direction)),
        matches: ({ direction }) => directions.includes(direction),
      });
    }
  }
  return filters;
}
