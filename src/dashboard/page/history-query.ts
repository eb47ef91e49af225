import type { Money } from './amounts.ts';
import type { Operation } from './graphql-client.ts';
import type { Source, TransactionRow } from './queries.ts';

/** Where the knowledge of a past balance comes from. */
export type BalanceOrigin = 'REPORTED' | 'OBSERVED' | 'DERIVED';

export interface BalancePoint {
  readonly from: string;
  readonly to: string;
  readonly closing: Money | null;
  readonly origin: BalanceOrigin | null;
  readonly readAt: string | null;
}

export interface BalanceCheck {
  readonly verdict: 'AGREES' | 'DIFFERS' | 'INCONCLUSIVE';
  readonly expected: Money | null;
  readonly reported: Money | null;
  readonly difference: Money | null;
  readonly explanation: string;
  readonly evidence: readonly Pick<TransactionRow, 'id' | 'createdAt' | 'amount' | 'providerTransactionId'>[];
}

export interface BalanceStatement {
  readonly openingBalance: Money | null;
  readonly openingOrigin: BalanceOrigin | null;
  readonly closingBalance: Money | null;
  readonly closingOrigin: BalanceOrigin | null;
  readonly credits: Money | null;
  readonly debits: Money | null;
  readonly transactionCount: number | null;
  readonly check: BalanceCheck;
}

export interface BalancePast {
  readonly ledger: string;
  readonly currency: string;
  readonly account: { readonly id: string } | null;
  readonly provider: { readonly code: string; readonly name: string };
  readonly history: {
    readonly component: string;
    readonly points: readonly BalancePoint[];
    readonly basis: string | null;
    readonly complete: boolean;
    readonly sources: readonly Source[];
  } | null;
  readonly statement: BalanceStatement | null;
}

/** The past of one balance, and whether its transactions account for it. */
export const historyQuery: Operation<
  { readonly node: BalancePast | null },
  {
    readonly id: string;
    readonly during: { readonly from: string };
    readonly bucket: string;
    readonly timeZone: string;
  }
> = {
  text: `query BalancePast($id: ID!, $during: DateTimeRange!, $bucket: TimeBucket!, $timeZone: TimeZone!) {
  node(id: $id) {
    ... on Balance {
      ledger
      currency
      account { id }
      provider { code name }
      history(during: $during, bucket: $bucket, timeZone: $timeZone) {
        component
        points { from to closing { amount currency } origin readAt }
        basis
        complete
        sources { provider ledger providerAccountId state code retryAfterSeconds }
      }
      statement(during: $during) {
        openingBalance { amount currency }
        openingOrigin
        closingBalance { amount currency }
        closingOrigin
        credits { amount currency }
        debits { amount currency }
        transactionCount
        check {
          verdict
          expected { amount currency }
          reported { amount currency }
          difference { amount currency }
          explanation
          evidence { id createdAt amount { amount currency } providerTransactionId }
        }
      }
    }
  }
}`,
};
