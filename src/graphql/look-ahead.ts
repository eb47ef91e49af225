import type { GraphQLResolveInfo } from 'graphql';
import type { TransactionPage, TransactionSelection } from '../data/pagination/page.ts';
import type { Ledger } from '../domain/vocabulary.ts';
import type { GatewayContext } from './context.ts';
import { selectsPath } from './selected-fields.ts';

const rowPaths: readonly (readonly string[])[] = [['nodes'], ['edges', 'node']];

/**
 * Reads a page of transactions, and beside it what its rows will be asked for: their balances, else their account,
 * where the operation selects them. Only for a list of one account and one ledger that is not itself within a list,
 * and only one of the two: when the page turns out to be empty the call was in vain, and there is to be one such call
 * at most. Nothing is read ahead for a page that needs no call.
 */
export function pageLookingAhead(
  selection: TransactionSelection,
  page: Promise<TransactionPage>,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<TransactionPage> {
  const begin = readAhead(selection, context, info);
  if (begin === null) return page;
  // After this turn the page's own call has been counted against the operation's maximum, and a page from memory is
  // there.
  const soon = setImmediate(begin);
  return page.finally(() => clearImmediate(soon));
}

/** What begins the read; null where there is none to begin. */
function readAhead(
  selection: TransactionSelection,
  { providers, reads }: GatewayContext,
  info: GraphQLResolveInfo,
): (() => void) | null {
  const [account, ...others] = selection.accounts;
  if (account === undefined || others.length > 0 || isWithinList(info.path)) return null;
  const readLedgers = [...(providers.get(account.ref.provider)?.transactions.keys() ?? [])].filter(
    (ledger) => isAmong(ledger, selection.ledgers) && isAmong(ledger, account.ledgers),
  );
  const [ledger] = readLedgers;
  if (ledger === undefined || readLedgers.length > 1) return null;
  const wantsOf = (fieldName: string) => rowPaths.some((path) => selectsPath(info, [...path, fieldName]));
  if (wantsOf('balance')) return () => reads.balances.expect(account.ref, ledger, selection.currencies);
  // Whoever selected it awaits the same read, and is told what became of it.
  if (wantsOf('account')) return () => void reads.accounts.one(account.ref).catch(() => {});
  return null;
}

function isAmong(ledger: Ledger, ledgers: readonly Ledger[] | null): boolean {
  return ledgers === null || ledgers.includes(ledger);
}

function isWithinList(path: GraphQLResolveInfo['path']): boolean {
  for (let step: typeof path | undefined = path; step !== undefined; step = step.prev) {
    if (typeof step.key === 'number') return true;
  }
  return false;
}
