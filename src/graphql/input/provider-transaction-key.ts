import type { ProviderTransactionKey } from '../../data/transactions/transactions-by-provider-id.ts';
import { mayRead } from '../../domain/caller.ts';
import { isPlainText } from '../../domain/global-id.ts';
import type { QueryTransactionByProviderIdArgs } from '../../generated/resolvers.ts';
import type { GatewayContext } from '../context.ts';
import { parseAccountOf } from '../ids.ts';
import { outOfScope } from '../reads/guarded-reads.ts';
import { badInput } from './bad-input.ts';
import { toWindow } from './filters.ts';

/**
 * Parses what `transactionByProviderId` looks for; null for text that cannot be an identifier. Throws BAD_USER_INPUT,
 * also for a ledger whose transactions cannot be read, because null would claim that the transaction does not exist.
 */
export function toProviderTransactionKey(
  args: Omit<QueryTransactionByProviderIdArgs, 'provider'> &
    Required<Pick<QueryTransactionByProviderIdArgs, 'provider'>>,
  { viewer, providers }: GatewayContext,
): ProviderTransactionKey | null {
  const { provider, ledger, providerTransactionId, accountId } = args;
  const account = parseAccountOf(provider, accountId);
  const window = toWindow(args.createdAt);
  if (accountId == null && !mayRead(viewer.grants, account)) {
    throw outOfScope('Without "accountId" the master account is searched:');
  }
  const listed = [...(providers.get(provider)?.transactions.keys() ?? [])];
  if (!listed.includes(ledger)) {
    const allowed =
      listed.length === 0
        ? `${provider} is asked for none`
        : `for ${provider} it may be ${listed.join(' or ')}`;
    throw badInput('ledger', `must be one whose transactions can be read: ${allowed}.`);
  }
  if (!isPlainText(providerTransactionId)) return null;
  return { account, ledger, providerTransactionId, ...window };
}
