import type { HistorySettings } from '../config/config.ts';
import { openReadingStore } from '../history/index.ts';
import { ok, problem, type Section } from './finding.ts';

/** Examines whether the store of readings can be reached, has the right version, and accepts writes. */
export async function examineHistory({ url, days, samples }: HistorySettings): Promise<Section> {
  const name = 'History';
  const kind = url.startsWith('sqlite:') ? 'SQLite' : 'PostgreSQL';
  const store = await openReadingStore(url);
  try {
    await store.check();
    const sampled = samples.length === 0 ? '' : ` ${samples.length} sampled.`;
    return { name, findings: [ok(`${kind} takes readings, which are kept for ${days} days.${sampled}`)] };
  } catch (error) {
    const text = error instanceof Error ? error.message : 'The store cannot be used.';
    return { name, findings: [problem(text, 'Without it no readings are stored; everything else works.')] };
  } finally {
    await store.close();
  }
}
