import type { BalanceSource } from '../data/balance-sources.ts';
import type { ReadBalance } from '../data/balances.ts';
import { rowText } from '../data/keys.ts';

/** Why an event is sent: a watch began, the turn of a list had come, or a provider said that it changed. */
export type ChangeTrigger = 'START' | 'POLL' | 'WEBHOOK';

/** What one reading of a shared list gave: the rows as they are known now, and how the reading went. */
export interface Look {
  readonly source: BalanceSource;
  /** The rows of the last list that was read whole; those that were read where none was. */
  readonly rows: readonly ReadBalance[];
  /** When the oldest page was asked for; when the reading began where no page came. Epoch milliseconds. */
  readonly asOfMs: number;
  /** Whether the list was read because its provider said that it changed. */
  readonly isTold: boolean;
}

/** Rows of `now` that `before` does not have, or has with other amounts or another status. */
export function changedRows(before: Look, now: Look): readonly ReadBalance[] {
  if (before.rows === now.rows) return [];
  const known = new Map(before.rows.map((row) => [rowText(row), stateText(row)]));
  return now.rows.filter((row) => known.get(rowText(row)) !== stateText(row));
}

/** Whether a source fares otherwise than before. */
export function faresOtherwise(before: BalanceSource, now: BalanceSource): boolean {
  const codeOf = ({ outcome }: BalanceSource) => outcome.failure?.code ?? null;
  return before.outcome.state !== now.outcome.state || codeOf(before) !== codeOf(now);
}

/** What a change of a balance is judged by: every amount, to the last digit, and the status. */
function stateText(balance: ReadBalance): string {
  const { available, total, pending, payable, reserved, frozen, margin, prepaid } = balance;
  const amounts = [available, total, pending, payable, reserved, frozen, margin, prepaid];
  return JSON.stringify([amounts.map((money) => money?.amount ?? null), balance.status, balance.statusRaw]);
}
