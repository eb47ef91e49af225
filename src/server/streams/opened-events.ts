import type { EventSink, EventStream, ReserveStream } from '../../ports/event-stream.ts';
import { type Exchange, type Reply, sendReply } from '../reply.ts';
import { whenClosed } from '../signal-of-caller.ts';
import type { OpenStreams } from './open-streams.ts';
import { type OpenStream, sendEvents } from './send-events.ts';
import type { StreamFormat } from './stream-format.ts';

/** Where the events of a subscription would go. */
export interface Destination {
  /** Opens the way there, before anything is read. Rejects with `Failure`. */
  readonly open: () => Promise<EventSink>;
  /** The response to the request if it is not the event stream; null if it is. */
  readonly reply: Reply | null;
}

/** A subscription that has started and is about to be sent. */
export interface OpenedEvents {
  readonly events: EventStream;
  readonly sink: EventSink;
  readonly reply: Reply | null;
  /** When the caller's credential expires, in epoch milliseconds; null for never. */
  readonly endsAtMs: number | null;
  /** Frees its slot. */
  readonly release: () => void;
}

/** Lets one request start a subscription. */
export interface StreamOpener {
  readonly reserveStream: ReserveStream | null;
  /** The events of the subscription that was started; null when there is none. */
  opened(): OpenedEvents | null;
}

/** Creates the opener of one request; without a destination it cannot start a subscription. */
export function createStreamOpener(
  streams: OpenStreams,
  { callerKey, expiresAtMs }: { readonly callerKey: string; readonly expiresAtMs: number | null },
  destination: Destination | null,
): StreamOpener {
  if (destination === null) return { reserveStream: null, opened: () => null };
  let opened: OpenedEvents | null = null;
  return {
    async reserveStream() {
      const release = streams.take(callerKey);
      try {
        const sink = await destination.open();
        return {
          release,
          begin(events) {
            opened = { events, sink, reply: destination.reply, endsAtMs: expiresAtMs, release };
          },
        };
      } catch (error) {
        release();
        throw error;
      }
    },
    opened: () => opened,
  };
}

/** Sends a subscription until it ends, and releases everything it holds. */
export async function sendOpened(
  exchange: Exchange,
  streams: OpenStreams,
  { events, sink, reply, endsAtMs, release }: OpenedEvents,
): Promise<void> {
  let open: OpenStream | null = null;
  try {
    if (reply !== null && !(await isReplySent(exchange, reply))) return;
    const { requestId } = exchange;
    await sendEvents({ events, sink, endsAtMs, requestId, onEvent: streams.countEvent }, (stream) => {
      open = stream;
      streams.add(stream);
    });
  } finally {
    events.end();
    if (open !== null) streams.remove(open);
    release();
  }
}

/** Sends the reply; resolves to whether all of it was sent. */
async function isReplySent(exchange: Exchange, reply: Reply): Promise<boolean> {
  const { response } = exchange;
  sendReply(exchange, reply);
  await new Promise<void>((resolve) => whenClosed(response, resolve));
  return response.writableFinished;
}

/** Wraps a whole answer as a stream of one event; leaves refusals unchanged. */
export function asOneEvent(reply: Reply, format: StreamFormat | null): Reply {
  if (format === null || reply.status !== 200) return reply;
  const { start, event, end, contentType } = format;
  const body = `${start}${event(String(reply.body ?? '').trim())}${end}`;
  return { ...reply, body, headers: { ...reply.headers, 'content-type': contentType } };
}
