import { isZero } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import type { BalanceKey } from '../../domain/global-id.ts';
import { balanceAmounts } from '../../domain/model.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { BalanceReads, ReadBalance } from '../balances/balances.ts';

/**
 * One balance of an account in a currency, without naming the ledger. The first ledger is read alone, and its
 * balance is returned unless all amounts are zero: most callers get what they mean with one call. If they are
 * all zero, or there is no such balance, a zero would hide money in another ledger, so the other ledgers are
 * read too. If only one ledger reports the currency, its balance is returned; several are BAD_USER_INPUT,
 * unless all of them are empty.
 */
export async function findWithoutLedger(
  { account, currency }: Pick<BalanceKey, 'account' | 'currency'>,
  ledgers: readonly Ledger[],
  one: BalanceReads['one'],
): Promise<ReadBalance | null> {
  const [first, ...others] = ledgers;
  if (first === undefined) return null;
  const lookUp = (ledger: Ledger) => one({ account, ledger, currency, distinguishingId: null });
  const balance = await lookUp(first);
  if (balance !== null && !isEmpty(balance)) return balance;
  const found = await Promise.all(others.map((ledger) => lookUp(ledger).catch(nullIfForbidden)));
  const reported = [balance, ...found].filter((each) => each !== null);
  if (reported.length < 2 || reported.every(isEmpty)) return reported[0] ?? null;
  const names = reported.map(({ ledger }) => ledger);
  throw new Failure(
    'BAD_USER_INPUT',
    `${account.provider} reports ${reported[0]?.currency} in the ledgers ${names.join(', ')}, and "ledger" does not say ` +
      `which one is meant. Name it: balance(ledger: ${names.at(-1)}, currency: "${reported[0]?.currency}").`,
    { provider: account.provider, retryable: false },
  );
}

/** Whether amounts are reported, and all of them are zero. */
function isEmpty(balance: ReadBalance): boolean {
  const reported = balanceAmounts.map((name) => balance[name]).filter((money) => money !== null);
  return reported.length > 0 && reported.every(({ amount }) => isZero(amount));
}

/** A ledger that these credentials may not read has nothing that the caller could mean. */
function nullIfForbidden(error: unknown): null {
  if (error instanceof Failure && error.code === 'UPSTREAM_FORBIDDEN') return null;
  throw error;
}
