import { isPlainText } from './global-id.ts';
import type { AccountRef } from './model.ts';
import { type ProviderCode, providerCodes } from './vocabulary.ts';

/** What a caller may be allowed to read. */
export const scopes = ['accounts:read', 'balances:read', 'transactions:read'] as const;
export type Scope = (typeof scopes)[number];

/**
 * Accounts a caller may read: all (`*`), all of one provider (`UQPAY/*`), its master account (`UQPAY/master`), or
 * one connected account (`UQPAY/` and the provider's own identifier).
 */
export interface AccountGrant {
  /** Null: every provider. */
  readonly provider: ProviderCode | null;
  /** One account, or `ALL`: its master account and all connected ones. */
  readonly account: 'ALL' | AccountRef;
}

/** Who is asking, and what they may see. */
export interface Caller {
  /** Name of the caller, never a secret. */
  readonly subject: string;
  readonly scopes: readonly Scope[];
  readonly grants: readonly AccountGrant[];
  /** Requests this caller may make per minute, 0 for no limit; absent: the limit for all callers. */
  readonly requestsPerMinute?: number;
  /** When the credential expires, epoch milliseconds; absent: never. */
  readonly expiresAtMs?: number;
}

/** Every caller of a gateway without authentication. */
export const anonymous: Caller = {
  subject: 'anonymous',
  scopes,
  grants: [{ provider: null, account: 'ALL' }],
};

/** Whether `grants` cover an account. Identifiers are case-sensitive, because a provider's may be. */
export function mayRead(
  grants: readonly AccountGrant[],
  { provider, providerAccountId }: AccountRef,
): boolean {
  return grants.some((grant) => {
    if (grant.account === 'ALL') return grant.provider === null || grant.provider === provider;
    return grant.account.provider === provider && grant.account.providerAccountId === providerAccountId;
  });
}

/** Whether `grants` cover any account of a provider. */
export function mayReadOf(grants: readonly AccountGrant[], provider: ProviderCode): boolean {
  return grants.some((grant) => grant.provider === null || grant.provider === provider);
}

/** Accounts of a provider that `grants` cover: all, or those they name. */
export function grantedAccounts(
  grants: readonly AccountGrant[],
  provider: ProviderCode,
): 'ALL' | readonly AccountRef[] {
  const ofProvider = grants.filter((grant) => grant.provider === null || grant.provider === provider);
  const named: AccountRef[] = [];
  for (const { account } of ofProvider) {
    if (account === 'ALL') return 'ALL';
    named.push(account);
  }
  return named;
}

/** Parses the text form of a grant; null for anything else. */
export function parseGrant(text: string): AccountGrant | null {
  if (text === '*') return { provider: null, account: 'ALL' };
  const slashAt = text.indexOf('/');
  const provider = providerCodes.find((code) => code === text.slice(0, slashAt));
  const name = text.slice(slashAt + 1);
  if (provider === undefined || !isPlainText(name)) return null;
  if (name === '*') return { provider, account: 'ALL' };
  return { provider, account: { provider, providerAccountId: name === 'master' ? null : name } };
}

/** The text form of a grant. */
export function grantText({ provider, account }: AccountGrant): string {
  if (account === 'ALL') return provider === null ? '*' : `${provider}/*`;
  return `${account.provider}/${account.providerAccountId ?? 'master'}`;
}
