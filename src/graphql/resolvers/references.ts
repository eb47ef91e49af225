import type { ReadBalance } from '../../data/balances/balances.ts';
import { isPlainText } from '../../domain/global-id.ts';
import type { Account, Transaction } from '../../domain/model.ts';
import { type ProviderCode, providerCodes } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import type { GatewayContext } from '../context.ts';
import { parseIdOf } from '../ids.ts';

/** Resolves an account by either of its keys; null when there is none. Shares the loaders with all other lookups. */
export async function referencedAccount(
  reference: object,
  { reads }: GatewayContext,
): Promise<Account | null> {
  const id = textOf(reference, 'id');
  if (id !== null) return reads.accounts.one(parseIdOf('Account', 'id', id).account);
  const provider = codeOf(reference, 'providerCode');
  const providerAccountId = textOf(reference, 'providerAccountId');
  if (provider === null || !isPlainText(providerAccountId)) return null;
  return reads.accounts.one({ provider, providerAccountId });
}

/** Resolves a balance by its global id; null when there is none. */
export async function referencedBalance(
  reference: object,
  { reads }: GatewayContext,
): Promise<ReadBalance | null> {
  return reads.balances.one(parseIdOf('Balance', 'id', textOf(reference, 'id') ?? '').key);
}

/** Resolves a transaction by its global id; null when there is none. */
export async function referencedTransaction(
  reference: object,
  { reads }: GatewayContext,
): Promise<Transaction | null> {
  return reads.transactions.one(parseIdOf('Transaction', 'id', textOf(reference, 'id') ?? '').key);
}

/** Resolves a connected provider by its code; null when it is not connected. */
export function referencedProvider(reference: object, { providers }: GatewayContext): Provider | null {
  const code = codeOf(reference, 'code');
  return code === null ? null : (providers.get(code) ?? null);
}

/** Reads a field of a representation, which is untrusted JSON from a router. */
function textOf(reference: object, fieldName: string): string | null {
  const value: unknown = Reflect.get(reference, fieldName);
  return typeof value === 'string' ? value : null;
}

function codeOf(reference: object, fieldName: string): ProviderCode | null {
  const code = textOf(reference, fieldName);
  return providerCodes.find((known) => known === code) ?? null;
}
