import type { Money } from './amounts.ts';
import type { Operation } from './graphql-client.ts';
import type { Source } from './queries.ts';

export interface CurrencyTotal {
  readonly currency: string;
  readonly available: Money | null;
  readonly availableOfRead: Money | null;
  readonly balanceCount: number;
  readonly unreportedCount: number;
}

export interface ConversionLine {
  readonly from: Money;
  readonly to: Money;
  readonly rate: string;
  readonly via: string | null;
  readonly rates: readonly {
    readonly base: string;
    readonly quote: string;
    readonly buy: string | null;
    readonly sell: string | null;
    readonly updatedAt: string | null;
  }[];
}

export interface ConvertedTotal {
  readonly currency: string;
  readonly available: Money | null;
  readonly availableOfLines: Money;
  readonly lines: readonly ConversionLine[];
  readonly unconverted: readonly Money[];
  readonly ratesUpdatedAt: string | null;
}

export interface TotalsData {
  readonly balanceTotals: {
    readonly byCurrency: readonly CurrencyTotal[];
    readonly converted: ConvertedTotal | null;
    readonly complete: boolean;
    readonly asOf: string;
    readonly sources: readonly Source[];
  } | null;
}

/** Sums by currency, and all of them converted to one currency. */
export const totalsQuery: Operation<
  TotalsData,
  { readonly filter: { readonly accountIds?: readonly string[] } | null; readonly convertTo: string }
> = {
  text: `query Totals($filter: BalanceFilter, $convertTo: CurrencyCode) {
  balanceTotals(filter: $filter, convertTo: $convertTo) {
    byCurrency {
      currency
      available { amount currency }
      availableOfRead { amount currency }
      balanceCount
      unreportedCount
    }
    converted {
      currency
      available { amount currency }
      availableOfLines { amount currency }
      lines {
        from { amount currency }
        to { amount currency }
        rate
        via
        rates { base quote buy sell updatedAt }
      }
      unconverted { amount currency }
      ratesUpdatedAt
    }
    complete
    asOf
    sources { provider ledger providerAccountId state code retryAfterSeconds }
  }
}`,
};
