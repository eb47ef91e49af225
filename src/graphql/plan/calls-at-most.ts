import type { Provider } from '../../ports/provider.ts';
import type { ConnectionArguments } from '../connection-arguments.ts';
import { rowsOf, type SelectedField, type Selection } from './selection.ts';

/** Rows that a list is taken to have where nobody named a size. */
export const shortList = 10;

/** How far an operation can reach at most, whoever asks. */
export interface ProviderReach {
  readonly providerCount: number;
  /** Ledgers with balances that one provider has. */
  readonly balanceLedgersMax: number;
  /** Ledgers with transactions that one provider has. */
  readonly transactionLedgersMax: number;
  /** Rows that a page of transactions holds, in the ledger with the smallest pages. */
  readonly pageSizeLeast: number;
}

/** What all connected providers reach together. */
export function reachOf(providers: readonly Provider[]): ProviderReach {
  const feeds = providers.flatMap(({ transactions }) => [...transactions.values()]);
  return {
    providerCount: providers.length,
    balanceLedgersMax: Math.max(0, ...providers.map(({ balances }) => balances.size)),
    transactionLedgersMax: Math.max(0, ...providers.map(({ transactions }) => transactions.size)),
    pageSizeLeast: Math.min(...feeds.map(({ pageSizeMax }) => pageSizeMax)),
  };
}

/** The arguments that a bound looks at: how many rows, and how long a list is. What a text says is never looked at. */
interface Sizes extends Pick<ConnectionArguments, 'first' | 'last'> {
  readonly filter?: {
    readonly accountIds?: readonly unknown[] | null;
    readonly ledgers?: readonly unknown[] | null;
  } | null;
  readonly ids?: readonly unknown[];
  readonly representations?: readonly unknown[];
}

/**
 * No fewer upstream calls than `planQuery` can come to for the same selection and sizes, whoever asks for whatever
 * accounts. Reads that are shared count each time they are wanted, and filters leave everything but ledgers that they do
 * not name.
 */
export function callsAtMost(root: Selection, reach: ProviderReach): number {
  const { providerCount, balanceLedgersMax, transactionLedgersMax, pageSizeLeast } = reach;

  const rootBounds: Readonly<Record<string, (field: SelectedField, sizes: Sizes) => number>> = {
    accounts: ({ below }, sizes) => providerCount + sizeOf(sizes) * sum(rowsOf(below, 'Account'), ofAccount),
    balances: ({ below }, sizes) =>
      accountCount(sizes) * ledgersOf(sizes, balanceLedgersMax) +
      sum(rowsOf(below, 'Balance'), (rows) => ofBalances(sizeOf(sizes), rows)),
    transactions: ({ below }, sizes) =>
      accountCount(sizes) * pagesOf(sizes) + sum(rowsOf(below, 'Transaction'), ofTransactions),
    account: ({ below }) => ofId(below),
    balance: ({ below }) => ofId(below),
    transaction: ({ below }) => ofId(below),
    transactionByProviderId: () => 1,
    node: ({ below }) => ofId(below),
    nodes: ({ below }, { ids = [] }) => ids.length * ofId(below),
    _entities: ({ below }, { representations = [] }) => representations.length * ofId(below),
  };

  function accountCount({ filter }: Sizes): number {
    return filter?.accountIds?.length ?? providerCount;
  }

  // Several ledgers are walked a page each; one alone for as many pages as the rows take.
  function pagesOf(sizes: Sizes): number {
    return Math.max(ledgersOf(sizes, transactionLedgersMax), Math.ceil(sizeOf(sizes) / pageSizeLeast));
  }

  /** Looking one object up, whatever it is, and what is selected of it. */
  function ofId(below: Selection): number {
    return 1 + Math.max(ofAccount(below), ofBalances(1, below), ofTransactions(below));
  }

  function ofAccount(below: Selection): number {
    return sum(below.of('Account'), (field) => {
      const sizes = field.args<Sizes>();
      if (field.name === 'balance') return 1 + ofBalances(1, field.below);
      if (field.name === 'balances') {
        const rows = rowsOf(field.below, 'Balance');
        return ledgersOf(sizes, balanceLedgersMax) + sum(rows, (each) => ofBalances(sizeOf(sizes), each));
      }
      if (field.name !== 'transactions') return 0;
      return pagesOf(sizes) + sum(rowsOf(field.below, 'Transaction'), ofTransactions);
    });
  }

  /** What is selected of balances of one account. */
  function ofBalances(rowCount: number, below: Selection): number {
    return sum(below.of('Balance'), (field) => {
      if (field.name === 'account') return 1 + ofAccount(field.below);
      return field.name === 'transactions' ? rowCount : 0;
    });
  }

  /** What is selected of transactions of one account. */
  function ofTransactions(below: Selection): number {
    return sum(below.of('Transaction'), (field) => {
      if (field.name === 'account') return 1 + ofAccount(field.below);
      return field.name === 'balance' ? 1 + ofBalances(1, field.below) : 0;
    });
  }

  return sum(root.of('Query'), (field) => rootBounds[field.name]?.(field, field.args<Sizes>()) ?? 0);
}

function sizeOf({ first, last }: Sizes): number {
  return Math.max(0, first ?? last ?? shortList);
}

/** Ledgers that a filter leaves of so many. */
function ledgersOf({ filter }: Sizes, ledgersMax: number): number {
  return Math.min(ledgersMax, filter?.ledgers?.length ?? ledgersMax);
}

function sum<Item>(items: readonly Item[], measure: (item: Item) => number): number {
  return items.reduce((total, item) => total + measure(item), 0);
}
