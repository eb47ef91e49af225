import type { IncomingHttpHeaders } from 'node:http';
import { isOwnPage } from './cors.ts';

/** The log for refused origins; a pino logger fits. */
export interface OriginLog {
  warn(details: object, message: string): void;
}

/** Records a request that a browser may have sent for a page. */
export type NoteOrigin = (headers: IncomingHttpHeaders) => void;

/** Invented origins must not fill the log. */
const loggedPerMinuteMax = 20;
const shownLengthMax = 200;

/**
 * Logs pages of unlisted origins that query the gateway, each origin once a minute. Their browser withholds the answer
 * and reports that only to the page.
 */
export function createOriginNotes(
  origins: readonly string[],
  log: OriginLog,
  nowMs: () => number = () => performance.now(),
): NoteOrigin {
  const logged = new Set<string>();
  let minuteEndsAtMs = 0;
  return (headers) => {
    const { origin } = headers;
    if (origin === undefined || origins.includes(origin) || isOwnPage(headers)) return;
    if (nowMs() >= minuteEndsAtMs) {
      logged.clear();
      minuteEndsAtMs = nowMs() + 60_000;
    }
    const shown = origin.slice(0, shownLengthMax);
    if (logged.has(shown) || logged.size >= loggedPerMinuteMax) return;
    logged.add(shown);
    log.warn({ origin: shown }, 'a page of an origin that CORS_ORIGINS does not list was refused');
  };
}
