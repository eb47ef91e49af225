import type { Money } from './amounts.ts';
import type { Operation } from './graphql-client.ts';
import type { Source, TransactionFilter } from './queries.ts';

export interface ActivityPoint {
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly credits: Money | null;
  readonly debits: Money | null;
  readonly net: Money | null;
  readonly count: number;
  readonly unsummedCount: number;
}

export interface ActivityData {
  readonly activity: {
    readonly points: readonly ActivityPoint[];
    readonly complete: boolean;
    readonly transactionCount: number;
    readonly asOf: string;
    readonly sources: readonly Source[];
  } | null;
}

/** Money in and out, by bucket and currency. */
export const activityQuery: Operation<
  ActivityData,
  { readonly filter: TransactionFilter; readonly bucket: string; readonly timeZone: string }
> = {
  text: `query Activity($filter: TransactionFilter!, $bucket: TimeBucket!, $timeZone: TimeZone!) {
  activity(filter: $filter, bucket: $bucket, timeZone: $timeZone) {
    points {
      from
      to
      currency
      credits { amount currency }
      debits { amount currency }
      net { amount currency }
      count
      unsummedCount
    }
    complete
    transactionCount
    asOf
    sources { provider ledger providerAccountId state code retryAfterSeconds }
  }
}`,
};
