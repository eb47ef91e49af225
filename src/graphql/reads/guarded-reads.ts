import type { BalanceFilter } from '../../data/balances/balance-sources.ts';
import type { RequestReads } from '../../data/index.ts';
import type { TransactionPaginator, TransactionStreams } from '../../data/pagination/index.ts';
import type { TransactionSelection } from '../../data/pagination/page.ts';
import { type Caller, grantedAccounts, mayRead, type Scope } from '../../domain/caller.ts';
import { Failure } from '../../domain/failure.ts';
import type { Account, AccountRef } from '../../domain/model.ts';
import type { ProviderCode } from '../../domain/vocabulary.ts';

/** Creates ACCOUNT_OUT_OF_SCOPE, with the same message whether or not the account exists. `problem` begins it. */
export function outOfScope(problem: string): Failure {
  return new Failure(
    'ACCOUNT_OUT_OF_SCOPE',
    `${problem} an account that this caller may not read. "viewer { accounts }" lists those it may.`,
  );
}

/**
 * Restricts reads to what the caller may see, on every path. Without the scope they reject with FORBIDDEN; one object
 * of another account is null; a list over another account rejects with ACCOUNT_OUT_OF_SCOPE. The check comes before any
 * read.
 */
export function guardReads(reads: RequestReads, { scopes, grants, subject }: Caller): RequestReads {
  const need = (scope: Scope) => requireScope(scope, scopes, subject);
  const may = (ref: AccountRef) => mayRead(grants, ref);

  async function oneAccount(ref: AccountRef): Promise<Account | null> {
    const master: AccountRef = { provider: ref.provider, providerAccountId: null };
    // The master account also has an identifier of its own, which the grant "master" does not contain.
    if (!may(ref)) {
      const own = may(master) ? await reads.accounts.one(master) : null;
      return own?.providerAccountId === ref.providerAccountId ? own : null;
    }
    const account = await reads.accounts.one(ref);
    return account !== null && may(account.ref) ? account : null;
  }

  /** A rejected promise for balances of accounts that the caller may not read; null when it may read them. */
  function refusalOf(filter: BalanceFilter): Promise<never> | null {
    const refusal = refusalOfBalances(filter, { scopes, grants, subject });
    return refusal === null ? null : Promise.reject(refusal);
  }

  return {
    accounts: {
      async one(ref) {
        need('accounts:read');
        return await oneAccount(ref);
      },
    },
    balances: {
      // Not async: that would create three more promises for every row that shows its balance.
      one(key) {
        if (!scopes.includes('balances:read')) return Promise.reject(forbidden('balances:read', subject));
        return may(key.account) ? reads.balances.one(key) : Promise.resolve(null);
      },
      // A read ahead reports no error: a caller without permission gets it when it asks for the balance.
      expect(account, ledger, currencies) {
        if (scopes.includes('balances:read') && may(account)) {
          reads.balances.expect(account, ledger, currencies);
        }
      },
    },
    transactions: {
      async one(key) {
        need('transactions:read');
        return may(key.account) ? await reads.transactions.one(key) : null;
      },
    },
    async transactionByProviderId(key) {
      need('transactions:read');
      if (!may(key.account)) return null;
      const row = await reads.transactionByProviderId(key);
      return row !== null && may(row.account) ? row : null;
    },
    async accountPage(filter, args) {
      need('accounts:read');
      const visible = (provider: ProviderCode) => grantedAccounts(grants, provider);
      return await reads.accountPage({ ...filter, visible }, args);
    },
    // Not async either: the list of balances is read for each account of a page.
    balancePage: (filter, args) => refusalOf(filter) ?? reads.balancePage(filter, args),
    balanceTotals: (filter, conversion) => refusalOf(filter) ?? reads.balanceTotals(filter, conversion),
    // Rates belong to no account. The scope covers the provider data that callers see beside balances.
    async exchangeRates(provider, pairs) {
      need('balances:read');
      return await reads.exchangeRates(provider, pairs);
    },
    async activity(query) {
      const refusal = refusalOfTransactions(query.selection, { scopes, grants, subject });
      if (refusal !== null) throw refusal;
      return await reads.activity(query);
    },
    async balanceHistory(query, buckets) {
      if (query.selection !== null) need('transactions:read');
      return may(query.balance.account) ? await reads.balanceHistory(query, buckets) : null;
    },
    async balanceStatement(query) {
      need('transactions:read');
      return may(query.balance.account) ? await reads.balanceStatement(query) : null;
    },
    statementEntries: (statement, args) => reads.statementEntries(statement, args),
  };
}

/** Why a caller may not read a list of balances; null when it may. */
export function refusalOfBalances(
  { account, accounts }: BalanceFilter,
  { scopes, grants, subject }: Caller,
): Failure | null {
  if (!scopes.includes('balances:read')) return forbidden('balances:read', subject);
  const asked = account === null ? (accounts ?? []) : [account.ref];
  return asked.every((ref) => mayRead(grants, ref)) ? null : outOfScope('The list is of');
}

/**
 * Restricts pagination over transactions in the same way. A cursor grants nothing: the accounts are checked on every
 * use.
 */
export function guardPaginator(
  paginator: TransactionPaginator,
  { scopes, grants, subject }: Caller,
): TransactionPaginator {
  return {
    page(selection, args, context) {
      const refusal = refusalOfTransactions(selection, { scopes, grants, subject });
      return refusal === null ? paginator.page(selection, args, context) : Promise.reject(refusal);
    },
  };
}

/** Throws FORBIDDEN or ACCOUNT_OUT_OF_SCOPE when the caller may not read statements of an account. */
export function guardStatement(account: AccountRef, { scopes, grants, subject }: Caller): void {
  requireScope('balances:read', scopes, subject);
  requireScope('transactions:read', scopes, subject);
  if (!mayRead(grants, account)) throw outOfScope('The statement is of');
}

/** Restricts lists that are read from start to end in the same way. */
export function guardStreams(streams: TransactionStreams, caller: Caller): TransactionStreams {
  return {
    stream(selection, cursor, context) {
      const refusal = refusalOfTransactions(selection, caller);
      return refusal === null ? streams.stream(selection, cursor, context) : Promise.reject(refusal);
    },
  };
}

/** Why a caller may not read a list of transactions; null when it may. */
export function refusalOfTransactions(
  { accounts }: TransactionSelection,
  { scopes, grants, subject }: Caller,
): Failure | null {
  if (!scopes.includes('transactions:read')) return forbidden('transactions:read', subject);
  return accounts.every(({ ref }) => mayRead(grants, ref)) ? null : outOfScope('The list is of');
}

function requireScope(scope: Scope, granted: readonly Scope[], subject: string): void {
  if (!granted.includes(scope)) throw forbidden(scope, subject);
}

function forbidden(scope: Scope, subject: string): Failure {
  return new Failure('FORBIDDEN', `This needs the scope ${scope}, which ${subject} was not granted.`);
}
