import type { Clock } from '../ports/clock.ts';
import type { HttpPort, HttpReply } from '../ports/http.ts';

/** Facts about a provider's reply, without its content. */
export interface WatchedCall {
  readonly status: number;
  /** Whether it was HTML instead of an API's JSON: from a proxy, a firewall or a login page. */
  readonly isWebPage: boolean;
  /** How far this machine's clock is ahead of the provider's, according to the reply's `Date`; null without one. */
  readonly clockAheadMs: number | null;
}

export interface WatchedHttp {
  readonly http: HttpPort;
  /** Requests sent, including those without a reply. */
  callCount(): number;
  /** The latest reply; null when the latest request got none. */
  last(): WatchedCall | null;
  /** The latest measured clock difference; null when there was none. */
  clockAheadMs(): number | null;
}

/** Wraps the transport, and records facts about replies that help people. */
export function watchHttp(http: HttpPort, clock: Clock): WatchedHttp {
  let count = 0;
  let last: WatchedCall | null = null;
  let aheadMs: number | null = null;
  return {
    http: {
      async send(request) {
        count += 1;
        last = null;
        const sentAtMs = clock.now();
        const reply = await http.send(request);
        last = toCall(reply, (sentAtMs + clock.now()) / 2);
        aheadMs = last.clockAheadMs ?? aheadMs;
        return reply;
      },
      close: () => http.close(),
    },
    callCount: () => count,
    last: () => last,
    clockAheadMs: () => aheadMs,
  };
}

/** `Date` has whole seconds, so the moment it names is half a second off on average. */
const halfSecondMs = 500;

function toCall({ status, headers, text }: HttpReply, nowMs: number): WatchedCall {
  const dateMs = Date.parse(headers.date ?? '');
  return {
    status,
    isWebPage: /\bhtml\b/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(text),
    clockAheadMs: Number.isNaN(dateMs) ? null : Math.round(nowMs - dateMs - halfSecondMs),
  };
}
