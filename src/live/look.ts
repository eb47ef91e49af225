import type { BalanceSource } from '../data/balance-sources.ts';
import type { ReadBalance } from '../data/balances.ts';
import { rowText } from '../data/keys.ts';
import type { SourceOutcome } from '../data/pagination/page.ts';

/** Why an event is sent: a watch began, the turn of a list had come, or a provider said that it changed. */
export type ChangeTrigger = 'START' | 'POLL' | 'WEBHOOK';

/** What is known of any list that was read. */
export interface Look {
  /** When the list was asked for, at its oldest page; when the reading began where none came. Epoch milliseconds. */
  readonly asOfMs: number;
  /** Calls that the look took where nothing was cached. */
  readonly callCount: number;
  /** When more of what the look saw can be said, epoch milliseconds; null where there is nothing to wait for. */
  readonly againAtMs: number | null;
  /** Whether the list was read because its provider said that it changed. */
  readonly isTold: boolean;
  readonly state: SourceOutcome['state'];
}

/** Balances as they are known now, and how reading them went. */
export interface BalanceLook extends Look {
  readonly source: BalanceSource;
  /** The rows of the last list that was read whole; those that were read where none was. */
  readonly rows: readonly ReadBalance[];
}

/** Rows of `now` that `before` does not have, or has with other amounts or another status. */
export function changedRows(before: BalanceLook, now: BalanceLook): readonly ReadBalance[] {
  if (before.rows === now.rows) return [];
  const known = compared.get(now);
  if (known?.before === before) return known.rows;
  const rows = compareRows(before, now);
  compared.set(now, { before, rows });
  return rows;
}

/** Nearly everybody who watches a list was shown the same before. */
const compared = new WeakMap<
  BalanceLook,
  { readonly before: BalanceLook; readonly rows: readonly ReadBalance[] }
>();

function compareRows(before: BalanceLook, now: BalanceLook): readonly ReadBalance[] {
  const known = new Map(before.rows.map((row) => [rowText(row), stateText(row)]));
  return now.rows.filter((row) => known.get(rowText(row)) !== stateText(row));
}

/** Whether a source fares otherwise than before. */
export function faresOtherwise(before: SourceOutcome, now: SourceOutcome): boolean {
  return before.state !== now.state || before.failure?.code !== now.failure?.code;
}

/** What a change of a balance is judged by: every amount, to the last digit, and the status. */
function stateText(balance: ReadBalance): string {
  const { available, total, pending, payable, reserved, frozen, margin, prepaid } = balance;
  const amounts = [available, total, pending, payable, reserved, frozen, margin, prepaid];
  return JSON.stringify([amounts.map((money) => money?.amount ?? null), balance.status, balance.statusRaw]);
}
