import type { Clock } from '../ports/clock.ts';
import type { HttpPort, HttpReply } from '../ports/http.ts';

/** What a provider answered, without anything of the answer. */
export interface WatchedCall {
  readonly status: number;
  /** HTML in place of an API's JSON: a proxy, a firewall, a login page. */
  readonly isWebPage: boolean;
  /** How far this machine's clock is ahead of the provider's, by the reply's `Date`; null without one. */
  readonly clockAheadMs: number | null;
}

export interface WatchedHttp {
  readonly http: HttpPort;
  /** Requests sent, those without an answer included. */
  callCount(): number;
  /** The latest answer; null when the latest request got none. */
  last(): WatchedCall | null;
  /** The latest that was told of the provider's clock; null: nothing. */
  clockAheadMs(): number | null;
}

/** Transport that remembers what a person would want to know of the replies. */
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

/** `Date` is in whole seconds, so that the moment it names is half a second off on average. */
const halfSecondMs = 500;

function toCall({ status, headers, text }: HttpReply, nowMs: number): WatchedCall {
  const dateMs = Date.parse(headers.date ?? '');
  return {
    status,
    isWebPage: /\bhtml\b/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(text),
    clockAheadMs: Number.isNaN(dateMs) ? null : Math.round(nowMs - dateMs - halfSecondMs),
  };
}
