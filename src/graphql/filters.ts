import type { AccountFilter } from '../data/account-list.ts';
import type { BalanceFilter } from '../data/balance-sources.ts';
import type { TransactionSelection, WantedAccount } from '../data/pagination/page.ts';
import { wantedAccounts } from '../data/wanted-accounts.ts';
import { grantedAccounts, mayRead } from '../domain/caller.ts';
import { compareInstants } from '../domain/instant.ts';
import type { AccountRef } from '../domain/model.ts';
import type {
  Ledger,
  ProviderCode,
  TransactionDirection,
  TransactionStatus,
  TransactionType,
} from '../domain/vocabulary.ts';
import type {
  AccountFilter as AccountFilterInput,
  BalanceFilter as BalanceFilterInput,
  DateTimeRange,
  TransactionFilter as TransactionFilterInput,
} from '../generated/resolvers.ts';
import { codesOf } from '../ports/provider.ts';
import { badInput } from './bad-input.ts';
import type { GatewayContext } from './context.ts';
import { outOfScope } from './guarded-reads.ts';
import { checkIdCount, parseAccountIds } from './ids.ts';

/** Filters as callers write them. */
export type { BalanceFilterInput, TransactionFilterInput };

type Given<Input> = Input | null | undefined;

/** Who asks, and whom can be asked. */
export type FilterScope = Pick<GatewayContext, 'viewer' | 'providers'>;

/** The filter of an account list. */
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
 * The filter of a balance list: an account's own, or the root's where `account` is null. Throws BAD_USER_INPUT and
 * ACCOUNT_OUT_OF_SCOPE.
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

/** What a transaction list hangs on: nothing at the root, an account, or one balance of an account. */
export interface TransactionScope {
  readonly account: WantedAccount | null;
  readonly balance: {
    readonly account: AccountRef;
    readonly ledger: Ledger;
    readonly currency: string;
    readonly distinguishingId: string | null;
  } | null;
}

/** What a transaction list is to show. Throws BAD_USER_INPUT and ACCOUNT_OUT_OF_SCOPE. */
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

/** When rows were created. Throws BAD_USER_INPUT. */
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
 * Accounts that a filter lists, every one of which the caller may read. Where the master accounts would be meant,
 * those that the caller may read; null where nothing narrows.
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

/** Currencies that are wanted: those of the filter, or a balance's own where the filter leaves it. */
function currenciesAsked(
  balance: TransactionScope['balance'],
  listed: Given<readonly string[]>,
  { providers }: FilterScope,
): readonly string[] | null {
  const wanted = toCurrencies(listed);
  if (balance === null) return wanted;
  const codes = codesOf(providers.get(balance.account.provider));
  // It is the provider's own spelling, and means nothing else.
  const code = codes.read(balance.currency);
  return wanted === null || wanted.some((asked) => codes.means(asked, code)) ? [code] : [];
}

/** What a filter leaves of a value that is fixed already. */
function narrowed<Word>(fixed: Word | null, wanted: Given<readonly Word[]>): readonly Word[] | null {
  if (fixed === null) return toList(wanted);
  return wanted == null || wanted.includes(fixed) ? [fixed] : [];
}

/** Provider's identifiers that a filter lists. Throws BAD_USER_INPUT for too many. */
function toIds(argumentName: string, ids: Given<readonly string[]>): readonly string[] | null {
  if (ids == null) return null;
  checkIdCount(argumentName, ids);
  return toList(ids);
}

/** Each word once: every row is compared with all of them. */
function toList<Word>(words: Given<readonly Word[]>): readonly Word[] | null {
  return words == null ? null : [...new Set(words)];
}

/** More than there are in use. */
const currencyCountMax = 200;

function toCurrencies(codes: Given<readonly string[]>): readonly string[] | null {
  const currencies = toList(codes);
  if (currencies !== null && currencies.length > currencyCountMax) {
    const found = `may list at most ${currencyCountMax} codes; it lists ${currencies.length}.`;
    throw badInput('currencies', found);
  }
  return currencies;
}
