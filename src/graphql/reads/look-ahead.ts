import type { GraphQLResolveInfo } from 'graphql';
import type { TransactionPage, TransactionSelection } from '../../data/pagination/page.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { GatewayContext } from '../context.ts';
import { selectsPath } from '../selected-fields.ts';

const rowPaths: readonly (readonly string[])[] = [['nodes'], ['edges', 'node']];

/**
 * Reads a page of transactions and, in parallel, what its rows will need: their balances or else their account, if the
 * operation selects them. Reads ahead only for a list of one account and one ledger that is not itself within a list,
 * and only one of the two: if the page turns out to be empty, the call was wasted, and at most one may be. Never reads
 * ahead for a page that needs no call.
 */
export function pageLookingAhead(
  selection: TransactionSelection,
  page: Promise<TransactionPage>,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<TransactionPage> {
  const begin = readAhead(selection, context, info);
  if (begin === null) return page;
  // By the next turn the page's own call has been counted against the operation's maximum, and a cached page has
  // settled.
  const soon = setImmediate(begin);
  return page.finally(() => clearImmediate(soon));
}

/** Returns a function that starts the read; null when there is nothing to read ahead. */
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
  // The field that selected it awaits the same read, and reports its error.
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
