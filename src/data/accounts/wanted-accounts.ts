import type { AccountRef } from '../../domain/model.ts';
import type { ProviderCode } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import { accountText } from '../keys.ts';
import type { WantedAccount } from '../pagination/page.ts';

/** Which accounts a list covers. Null does not narrow; an empty list matches nothing. */
export interface AccountScope {
  /** The account whose list it is; null at the root. */
  readonly account: WantedAccount | null;
  readonly providers: readonly ProviderCode[] | null;
  readonly accounts: readonly AccountRef[] | null;
}

/**
 * The accounts a list is read for, each once: its own account, those requested, or every provider's master
 * account. `ledgers` are those its own account is known to have; finding out those of others would cost a
 * call.
 */
export function wantedAccounts(
  scope: AccountScope,
  providers: ReadonlyMap<ProviderCode, Provider>,
): readonly WantedAccount[] {
  const connected = candidates(scope, providers).filter(
    ({ ref: { provider } }) => providers.has(provider) && scope.providers?.includes(provider) !== false,
  );
  if (connected.length < 2) return connected;
  return [...new Map(connected.map((account) => [accountText(account.ref), account])).values()];
}

function candidates(
  { account, accounts }: AccountScope,
  providers: ReadonlyMap<ProviderCode, Provider>,
): readonly WantedAccount[] {
  if (account !== null) {
    const isAsked = (ref: AccountRef) => accountText(ref) === accountText(account.ref);
    return accounts === null || accounts.some(isAsked) ? [account] : [];
  }
  if (accounts !== null) return accounts.map((ref) => ({ ref, ledgers: null }));
  return Array.from(providers.keys(), (provider) => ({
    ref: { provider, providerAccountId: null },
    ledgers: null,
  }));
}
