import type { AccountFilter } from '../../data/accounts/account-list.ts';
import { wantedAccounts } from '../../data/accounts/wanted-accounts.ts';
import type { BalanceFilter } from '../../data/balances/balance-sources.ts';
import type { TransactionSelection, WantedAccount } from '../../data/pagination/page.ts';
import { grantedAccounts, mayRead } from '../../domain/caller.ts';
import { compareInstants } from '../../domain/instant.ts';
import type { AccountRef } from '../../domain/model.ts';
import type {
  Ledger,
  ProviderCode,
  TransactionDirection,
  TransactionStatus,
  TransactionType,
} from '../../domain/vocabulary.ts';
import type {
  AccountFilter as AccountFilterInput,
  BalanceFilter as BalanceFilterInput,
  DateTimeRange,
  TransactionFilter as TransactionFilterInput,
} from '../../generated/resolvers.ts';
import { codesOf } from '../../ports/provider.ts';
import type { GatewayContext } from '../context.ts';
import { checkIdCount, parseAccountIds } from '../ids.ts';
import { outOfScope } from '../reads/guarded-reads.ts';
import { badInput } from './bad-input.ts';

/** Filters as callers send them. */
export type { BalanceFilterInput, TransactionFilterInput };

type Given<Input> = Input | null | undefined;

/** The caller, and the providers it may read. */
export type FilterScope = Pick<GatewayContext, 'viewer' | 'providers'>;

/** Parses the filter of an account list. */
export function toAccountFilter(
  filter: Given<AccountFilterInput>,
  { viewer }: GatewayContext,
): AccountFilter {
  return {
    providers: toList(filter?.providers),
    statuses: toList(filter?.statuses),
    visible: (provider) => grantedAccounts(viewer.grants, provider),
  };
}

/**
 * Parses the filter of a balance list, of one account or, when `account` is null, of the root field. Throws
 * BAD_USER_INPUT and ACCOUNT_OUT_OF_SCOPE.
 */
export function toBalanceFilter(
  account: WantedAccount | null,
  filter: Given<BalanceFilterInput>,
  context: FilterScope,
): BalanceFilter {
  return {
    account,
    providers: toList(filter?.providers),
    accounts: accountsAsked(account, filter, context),
    ledgers: toList(filter?.ledgers),
    currencies: toCurrencies(filter?.currencies),
  };
}

/** The parent of a transaction list: none at the root, an account, or one balance of an account. */
export interface TransactionScope {
  readonly account: WantedAccount | null;
  readonly balance: {
    readonly account: AccountRef;
    readonly ledger: Ledger;
    readonly currency: string;
    readonly distinguishingId: string | null;
  } | null;
}

/** Parses what a transaction list should contain. Throws BAD_USER_INPUT and ACCOUNT_OUT_OF_SCOPE. */
export function toSelection(
  scope: TransactionScope,
  filter: Given<TransactionFilterInput>,
  context: FilterScope,
): TransactionSelection {
  const { balance } = scope;
  const account = balance === null ? scope.account : { ref: balance.account, ledgers: [balance.ledger] };
  return {
    accounts: wantedAccounts(
      { account, providers: toList(filter?.providers), accounts: accountsAsked(account, filter, context) },
      context.providers,
    ),
    accountsAreFiltered: account === null,
    ledgers: narrowed(balance?.ledger ?? null, filter?.ledgers),
    providerBalanceId: balance?.distinguishingId ?? null,
    currencies: currenciesAsked(balance, filter?.currencies, context),
    types: toList<TransactionType>(filter?.types),
    statuses: toList<TransactionStatus>(filter?.statuses),
    referenceIds: toIds('referenceIds', filter?.referenceIds),
    directions: toList<TransactionDirection>(filter?.directions),
    ...toWindow(filter?.createdAt),
  };
}

/** Parses the range of creation times. Throws BAD_USER_INPUT. */
export function toWindow(
  createdAt: Given<DateTimeRange>,
): Pick<TransactionSelection, 'createdFrom' | 'createdTo'> {
  const { from = null, to = null } = createdAt ?? {};
  if (from !== null && to !== null && compareInstants(from, to) > 0) {
    throw badInput('createdAt', 'must not have a "from" that is later than its "to".');
  }
  return { createdFrom: from, createdTo: to };
}

/**
 * Accounts that a filter lists; the caller may read every one. Where an absent filter would mean the master accounts,
 * the accounts granted to the caller. Null when nothing narrows the list.
 */
function accountsAsked(
  account: WantedAccount | null,
  filter: Given<{
    readonly accountIds?: Given<readonly string[]>;
    readonly providers?: Given<readonly ProviderCode[]>;
  }>,
  { viewer, providers }: FilterScope,
): readonly AccountRef[] | null {
  const listed = parseAccountIds(filter?.accountIds);
  if (listed !== null) {
    if (!listed.every((ref) => mayRead(viewer.grants, ref))) throw outOfScope('Argument "accountIds" lists');
    return listed;
  }
  if (account !== null) return null;
  const masters = Array.from(providers.keys(), (provider) => ({ provider, providerAccountId: null }));
  const readable = masters.filter((ref) => mayRead(viewer.grants, ref));
  if (readable.length === masters.length) return null;
  const wanted = filter?.providers;
  const isNoneLeft = !readable.some(({ provider }) => wanted == null || wanted.includes(provider));
  if (isNoneLeft && wanted?.length !== 0)
    throw outOfScope('Without "accountIds" the list is of the master account:');
  return readable;
}

/** The requested currencies: those of the filter, or the balance's own currency if the filter admits it. */
function currenciesAsked(
  balance: TransactionScope['balance'],
  listed: Given<readonly string[]>,
  { providers }: FilterScope,
): readonly string[] | null {
  const wanted = toCurrencies(listed);
  if (balance === null) return wanted;
  const codes = codesOf(providers.get(balance.account.provider));
  // The code is the provider's own spelling and has only one meaning.
  const code = codes.read(balance.currency);
  return wanted === null || wanted.some((asked) => codes.means(asked, code)) ? [code] : [];
}

/** What remains of a fixed value after a filter. */
function narrowed<Word>(fixed: Word | null, wanted: Given<readonly Word[]>): readonly Word[] | null {
  if (fixed === null) return toList(wanted);
  return wanted == null || wanted.includes(fixed) ? [fixed] : [];
}

/** Provider identifiers that a filter lists. Throws BAD_USER_INPUT when there are too many. */
function toIds(argumentName: string, ids: Given<readonly string[]>): readonly string[] | null {
  if (ids == null) return null;
  checkIdCount(argumentName, ids);
  return toList(ids);
}

/** Removes duplicates, because every row is compared with each word. */
function toList<Word>(words: Given<readonly Word[]>): readonly Word[] | null {
  return words == null ? null : [...new Set(words)];
}

/** More than there are currencies in use. */
const currencyCountMax = 200;

function toCurrencies(codes: Given<readonly string[]>): readonly string[] | null {
  const currencies = toList(codes);
  if (currencies !== null && currencies.length > currencyCountMax) {
    const found = `may list at most ${currencyCountMax} codes; it lists ${currencies.length}.`;
    throw badInput('currencies', found);
  }
  return currencies;
}
