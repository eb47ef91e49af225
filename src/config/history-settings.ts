import { type AccountGrant, parseGrant } from '../domain/caller.ts';
import { type Ledger, ledgers } from '../domain/vocabulary.ts';
import type { HistorySample, HistorySettings } from './config.ts';
import type { ConfigProblem } from './config-error.ts';

const sample = /^(\S+?)(?::([A-Z,]+))? every (\d{1,5})(s|m|h)$/;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const everyMsMin = 10_000;
const everyMsMax = 86_400_000;

/** Whether a value names a store of readings: a SQLite file or a PostgreSQL database. */
export function isHistoryUrl(value: string): boolean {
  if (/^sqlite:.+/.test(value)) return !value.includes('\0');
  return (
    /^[\x21-\x7e]+$/.test(value) && URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol)
  );
}

/** Whether a value lists samples. */
export function areSamples(value: string): boolean {
  return value.split(';').every((text) => toSample(text.trim()) !== null);
}

/** Parses the history settings; null when no readings are stored. */
export function toHistory(values: {
  readonly HISTORY_URL?: string | undefined;
  readonly HISTORY_DAYS: number;
  readonly HISTORY_SAMPLE?: string | undefined;
}): HistorySettings | null {
  const { HISTORY_URL: url, HISTORY_DAYS: days, HISTORY_SAMPLE: samples } = values;
  if (url === undefined) return null;
  return { url, days, samples: (samples?.split(';') ?? []).flatMap((text) => toSample(text.trim()) ?? []) };
}

/** Reports samples without a store, which would be useless. */
export function historyProblems(env: Readonly<Record<string, string>>): readonly ConfigProblem[] {
  if (env.HISTORY_SAMPLE === undefined || env.HISTORY_URL !== undefined) return [];
  return [{ name: 'HISTORY_SAMPLE', problem: 'needs HISTORY_URL: without it nothing is kept' }];
}

function toSample(text: string): HistorySample | null {
  const [, grantText = '', ledgerText, count, unit = ''] = sample.exec(text) ?? [];
  const accounts: AccountGrant | null = parseGrant(grantText);
  const everyMs = Number(count) * (unitMs[unit] ?? Number.NaN);
  const listed = ledgerText?.split(',') ?? null;
  if (accounts === null || !(everyMs >= everyMsMin && everyMs <= everyMsMax)) return null;
  if (listed?.every(isLedger) === false) return null;
  return { text, accounts, ledgers: listed as readonly Ledger[] | null, everyMs };
}

function isLedger(word: string): word is Ledger {
  return ledgers.includes(word as Ledger);
}
