import type { ReadBalance } from '../../data/balances/balances.ts';
import type { BalanceHistoryQuery } from '../../data/history/balance-history.ts';
import { compareInstants, instantOfMs } from '../../domain/instant.ts';
import type { DateTimeRange } from '../../generated/resolvers.ts';
import type { GatewayContext } from '../context.ts';
import { toTimeSpan } from './activity-query.ts';
import { toSelection } from './filters.ts';

/** Parses which past of a balance is requested; it ends now at the latest. Throws BAD_USER_INPUT. */
export function toBalanceHistoryQuery(
  balance: ReadBalance,
  during: DateTimeRange,
  context: Pick<GatewayContext, 'viewer' | 'providers' | 'now'>,
): BalanceHistoryQuery {
  const asked = toTimeSpan('during', during, context);
  const now = instantOfMs(context.now());
  const openEnd = compareInstants(asked.to, now) >= 0;
  const span = openEnd ? { from: earlier(asked.from, now), to: now } : asked;
  const feed = context.providers.get(balance.account.provider)?.transactions.get(balance.ledger);
  // Rows that name a balance by currency alone do not say which of several such balances they changed.
  const identifiesBalance =
    feed !== undefined && (feed.movesBalanceBy !== 'currency' || balance.distinguishingId === null);
  const selection = identifiesBalance ? toSelection({ account: null, balance }, null, context) : null;
  return { balance, selection, span, openEnd };
}

function earlier<Time extends Parameters<typeof compareInstants>[0]>(a: Time, b: Time): Time {
  return compareInstants(a, b) < 0 ? a : b;
}
