import type { ReadBalance } from '../data/balances/balances.ts';
import { decodeGlobalId, type GlobalId } from '../domain/global-id.ts';
import type { Account, AccountRef, Transaction } from '../domain/model.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { GatewayContext } from './context.ts';
import { badInput } from './input/bad-input.ts';

/** An object that a global id can stand for. */
export type NodeObject = Account | ReadBalance | Transaction;

/** The most ids that one argument may list. */
export const idCountMax = 100;

/** Parses a global id. Throws BAD_USER_INPUT for text that this gateway cannot have issued. */
export function parseId(argumentName: string, id: string): GlobalId {
  const decoded = decodeGlobalId(id);
  if (decoded === null) throw badInput(argumentName, 'must be an ID that this gateway gave out.');
  return decoded;
}

/** Parses a global id of one type. Throws BAD_USER_INPUT for anything else. */
export function parseIdOf<Type extends GlobalId['type']>(
  type: Type,
  argumentName: string,
  id: string,
): Extract<GlobalId, { type: Type }> {
  const decoded = parseId(argumentName, id);
  if (!isOfType(decoded, type)) {
    throw badInput(argumentName, `must be the ID of type ${type}; it is one of type ${decoded.type}.`);
  }
  return decoded;
}

/** The account that arguments name; without `accountId`, the provider's master account. Throws BAD_USER_INPUT. */
export function parseAccountOf(provider: ProviderCode, accountId: string | null | undefined): AccountRef {
  if (accountId == null) return { provider, providerAccountId: null };
  const { account } = parseIdOf('Account', 'accountId', accountId);
  if (account.provider === provider) return account;
  throw badInput('accountId', `must be an account of ${provider}, the provider asked for.`);
}

/** The accounts that a filter lists by id; null when it has no list. Throws BAD_USER_INPUT. */
export function parseAccountIds(ids: readonly string[] | null | undefined): readonly AccountRef[] | null {
  if (ids == null) return null;
  checkIdCount('accountIds', ids);
  return ids.map((id, idIndex) => parseIdOf('Account', `accountIds[${idIndex}]`, id).account);
}

/** Throws BAD_USER_INPUT when one argument lists more ids than it may. */
export function checkIdCount(argumentName: string, ids: readonly string[]): void {
  if (ids.length > idCountMax) {
    throw badInput(argumentName, `may list at most ${idCountMax} IDs; it lists ${ids.length}.`);
  }
}

/** Looks up the object of a global id; null when it does not exist. */
export function findById(id: GlobalId, { reads }: GatewayContext): Promise<NodeObject | null> {
  if (id.type === 'Account') return reads.accounts.one(id.account);
  return id.type === 'Balance' ? reads.balances.one(id.key) : reads.transactions.one(id.key);
}

function isOfType<Type extends GlobalId['type']>(
  id: GlobalId,
  type: Type,
): id is Extract<GlobalId, { type: Type }> {
  return id.type === type;
}
