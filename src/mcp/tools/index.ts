import type { GraphQLSchema } from 'graphql';
import type { Tool } from '../tool.ts';
import { listAccounts } from './accounts.ts';
import { listBalances } from './balances.ts';
import { explainOperation } from './explain-operation.ts';
import { activity, balanceStatement } from './history.ts';
import { runOperation } from './run-operation.ts';
import { createSearchSchema } from './search-schema.ts';
import { balanceTotals, exchangeRates } from './totals.ts';
import { getTransaction, listTransactions } from './transactions.ts';

export interface ToolChoice {
  /** Null when callers may not read the schema. */
  readonly schema: GraphQLSchema | null;
  /** Whether models may run their own operations. */
  readonly anyOperation: boolean;
}

/** The tools of a gateway that runs any operation. */
export function createTools({ schema, anyOperation }: ToolChoice): readonly Tool[] {
  return [
    listAccounts,
    listBalances,
    listTransactions,
    getTransaction,
    balanceTotals,
    exchangeRates,
    activity,
    balanceStatement,
    explainOperation,
    ...(schema === null ? [] : [createSearchSchema(schema)]),
    ...(anyOperation ? [runOperation] : []),
  ];
}
