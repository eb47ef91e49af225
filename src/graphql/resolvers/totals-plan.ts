import { ratesProviderOf } from '../../data/totals/exchange-rates.ts';
import type { AccountBalanceTotalsArgs } from '../../generated/resolvers.ts';
import type { Provider } from '../../ports/provider.ts';
import type { CallSite } from '../plan/call-plan.ts';
import { callSiteOf, noSelection, type PlannedAccounts, type Planning } from '../plan/planning.ts';
import type { SelectedField } from '../plan/selection.ts';
import { planBalancePage } from './balance-page-plan.ts';

/** Plans sums over the balances of each account: the lists that `balances` reads, and rates for a conversion. */
export function planTotals(
  parent: PlannedAccounts,
  { filter, convertTo }: Pick<AccountBalanceTotalsArgs, 'filter' | 'convertTo'>,
  field: SelectedField,
  planning: Planning,
): void {
  planBalancePage(parent, filter === undefined ? {} : { filter }, { ...field, below: noSelection }, planning);
  if (convertTo == null) return;
  planRates(ratesProviderOf(planning.context.providers), callSiteOf(field, parent), planning);
}

/** Plans a provider's rates: one read returns all of them, whatever pairs are requested. */
export function planRates(provider: Provider | undefined, site: CallSite, { calls }: Planning): void {
  if (provider?.exchangeRates === undefined) return;
  const accounts = { provider, refs: [{ provider: provider.code, providerAccountId: null }] };
  const because = 'one read of all published rates, for every conversion';
  calls.add({ accounts, ledger: null, route: provider.exchangeRates.route, mostEach: 1, because }, site);
}
