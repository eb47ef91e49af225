import type { BalanceSource } from '../data/balances/balance-sources.ts';
import type { ReadBalance } from '../data/balances/balances.ts';
import { rowText } from '../data/keys.ts';
import type { SourceOutcome } from '../data/pagination/page.ts';
import { balanceAmounts } from '../domain/model.ts';

/** Why an event is sent: a subscription began, a list was polled on schedule, or a webhook said that it changed. */
export type ChangeTrigger = 'START' | 'POLL' | 'WEBHOOK';

/** A list as it was read by one poll. */
export interface Snapshot {
  /** When the oldest page of the list was requested; when the poll began if no page came. Epoch milliseconds. */
  readonly asOfMs: number;
  /** Calls that the poll takes when nothing is cached. */
  readonly callCount: number;
  /** When an early poll can complete what this one saw, epoch milliseconds; null if there is nothing to wait for. */
  readonly nextPollAtMs: number | null;
  /** Whether a webhook caused the poll. */
  readonly isNotified: boolean;
  readonly state: SourceOutcome['state'];
  /** Whether the provider does not know the account in this ledger. */
  readonly isMissing: boolean;
}

/** Whether the provider does not know the account, which it may yet know in another ledger. */
export function isNotFound({ failure }: SourceOutcome): boolean {
  return failure?.code === 'ACCOUNT_NOT_FOUND';
}

/** The balances of an account in a ledger, and the outcome of reading them. */
export interface BalanceSnapshot extends Snapshot {
  readonly source: BalanceSource;
  /** The rows of the last complete read; if there was none, those that were read. */
  readonly rows: readonly ReadBalance[];
}

/** Rows of `now` that `before` does not have, or has with other amounts or another status. */
export function changedRows(before: BalanceSnapshot, now: BalanceSnapshot): readonly ReadBalance[] {
  if (before.rows === now.rows) return [];
  const known = compared.get(now);
  if (known?.before === before) return known.rows;
  const rows = compareRows(before, now);
  compared.set(now, { before, rows });
  return rows;
}

/** Whether `now` shows nothing new to a subscription that was sent `before`. */
export function isUnchangedBalances(before: BalanceSnapshot, now: BalanceSnapshot): boolean {
  if (before === now) return true;
  return (
    !isOutcomeChanged(before.source.outcome, now.source.outcome) && changedRows(before, now).length === 0
  );
}

/** Nearly all subscriptions to a list were last sent the same snapshot. */
const compared = new WeakMap<
  BalanceSnapshot,
  { readonly before: BalanceSnapshot; readonly rows: readonly ReadBalance[] }
>();

function compareRows(before: BalanceSnapshot, now: BalanceSnapshot): readonly ReadBalance[] {
  const known = new Map(before.rows.map((row) => [rowText(row), stateText(row)]));
  return now.rows.filter((row) => known.get(rowText(row)) !== stateText(row));
}

/** Whether a source's state or failure code differs from before. */
export function isOutcomeChanged(before: SourceOutcome, now: SourceOutcome): boolean {
  return before.state !== now.state || before.failure?.code !== now.failure?.code;
}

/** What counts as a change of a balance: any digit of an amount, or the status. */
function stateText(balance: ReadBalance): string {
  const amounts = balanceAmounts.map((name) => balance[name]?.amount ?? null);
  return JSON.stringify([amounts, balance.status, balance.statusRaw]);
}
