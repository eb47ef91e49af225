import type { IncomingHttpHeaders } from 'node:http';
import { isOwnPage } from './cors.ts';

/** Where origins are reported whose pages get no answer; a pino logger is one. */
export interface OriginLog {
  warn(details: object, message: string): void;
}

/** Takes note of a request that a browser may have sent for a page. */
export type NoteOrigin = (headers: IncomingHttpHeaders) => void;

/** Whoever makes origins up must not fill the log. */
const toldEachMinuteMax = 20;
const shownLengthMax = 200;

/**
 * Tells the log, once a minute each, about pages of other origins that query the gateway without being listed: their
 * browser withholds the answer, and says so to nobody but the page.
 */
export function createOriginNotes(
  origins: readonly string[],
  log: OriginLog,
  nowMs: () => number = () => performance.now(),
): NoteOrigin {
  const told = new Set<string>();
  let minuteEndsAtMs = 0;
  return (headers) => {
    const { origin } = headers;
    if (origin === undefined || origins.includes(origin) || isOwnPage(headers)) return;
    if (nowMs() >= minuteEndsAtMs) {
      told.clear();
      minuteEndsAtMs = nowMs() + 60_000;
    }
    const shown = origin.slice(0, shownLengthMax);
    if (told.has(shown) || told.size >= toldEachMinuteMax) return;
    told.add(shown);
    log.warn({ origin: shown }, 'a page of an origin that CORS_ORIGINS does not list was refused');
  };
}
