import type { Config } from '../config/config.ts';
import type { History, HistoryLog } from '../history/index.ts';
import type { Clock } from '../ports/clock.ts';

/** Opens the store of balance readings; null when none is configured. */
export async function openHistoryOf(
  { history }: Config,
  clock: Clock,
  log: HistoryLog,
): Promise<History | null> {
  if (history === null) return null;
  // Loaded only with HISTORY_URL, to keep other starts fast.
  const { openHistory } = await import('../history/index.ts');
  return openHistory({ ...history, clock, log });
}
