import type { EventStream, TakeStreamPlace } from '../../ports/event-stream.ts';
import type { Exchange, Reply } from '../reply.ts';
import type { OpenStreams } from './open-streams.ts';
import { type OpenStream, sendEvents } from './send-events.ts';
import type { StreamFormat } from './stream-format.ts';

/** A subscription that has started and is about to be sent. */
export interface OpenedEvents {
  readonly events: EventStream;
  readonly format: StreamFormat;
  /** When the caller's credential expires, in epoch milliseconds; null for never. */
  readonly endsAtMs: number | null;
  /** Frees its place. */
  readonly release: () => void;
}

/** Lets one request start a subscription. */
export interface StreamOpener {
  readonly takeStreamPlace: TakeStreamPlace | null;
  /** The events of the subscription that was started; null when there is none. */
  opened(): OpenedEvents | null;
}

/** Creates the opener of one request; without a format it cannot start a subscription. */
export function createStreamOpener(
  streams: OpenStreams,
  { callerKey, expiresAtMs }: { readonly callerKey: string; readonly expiresAtMs: number | null },
  format: StreamFormat | null,
): StreamOpener {
  if (format === null) return { takeStreamPlace: null, opened: () => null };
  let opened: OpenedEvents | null = null;
  return {
    takeStreamPlace() {
      const release = streams.take(callerKey);
      return {
        release,
        begin(events) {
          opened = { events, format, endsAtMs: expiresAtMs, release };
        },
      };
    },
    opened: () => opened,
  };
}

/** Sends a subscription until it ends, and releases everything it holds. */
export async function sendOpened(
  exchange: Exchange,
  { streams, now }: { readonly streams: OpenStreams; readonly now: () => number },
  { events, format, endsAtMs, release }: OpenedEvents,
): Promise<void> {
  let open: OpenStream | null = null;
  try {
    await sendEvents(exchange, { events, format, now, endsAtMs, onEvent: streams.countEvent }, (stream) => {
      open = stream;
      streams.add(stream);
    });
  } finally {
    events.end();
    if (open !== null) streams.remove(open);
    release();
  }
}

/** Wraps a whole answer as a stream of one event; leaves refusals unchanged. */
export function asOneEvent(reply: Reply, format: StreamFormat | null): Reply {
  if (format === null || reply.status !== 200) return reply;
  const { start, event, end, contentType } = format;
  const body = `${start}${event(String(reply.body ?? '').trim())}${end}`;
  return { ...reply, body, headers: { ...reply.headers, 'content-type': contentType } };
}
