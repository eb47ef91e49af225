import { Failure } from '../../domain/failure.ts';
import type { EventStream } from '../../ports/event-stream.ts';
import { defaultHeaders, type Exchange } from '../reply.ts';
import { writeText } from '../write-text.ts';
import type { StreamFormat } from './stream-format.ts';

/** A stream that is being sent. */
export interface OpenStream {
  /** Sends a heartbeat or ends the stream if it is due. */
  check(nowMs: number, heartbeatMs: number): void;
  /** Ends the stream after the current event. */
  complete(): void;
}

/** What a stream is sent with. */
export interface SentStream {
  readonly events: EventStream;
  readonly format: StreamFormat;
  /** When the caller's credential expires, in epoch milliseconds; null for never. */
  readonly endsAtMs: number | null;
  readonly onEvent: () => void;
  readonly now: () => number;
}

/** Prevent proxies from delaying or changing events. The connection is not reused. */
const streamHeaders = {
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  connection: 'close',
};

/**
 * Sends events until there are no more, the caller disconnects, or its credential expires. Requests the next event only
 * when the caller has room for it. Calls `onOpen` as soon as the stream is open; resolves when it is closed.
 */
export async function sendEvents(
  exchange: Exchange,
  { events, format, endsAtMs, onEvent, now }: SentStream,
  onOpen: (stream: OpenStream) => void,
): Promise<void> {
  const { response, requestId } = exchange;
  let lastWriteMs = now();
  let failure: Failure | null = null;
  const complete = () => events.end();
  response.once('close', complete);
  if (response.destroyed) complete();
  response.writeHead(200, {
    ...defaultHeaders,
    ...exchange.commonHeaders(),
    ...streamHeaders,
    'content-type': format.contentType,
  });
  const write = (text: string) => {
    lastWriteMs = now();
    return writeText(response, text);
  };
  onOpen({
    check(nowMs, heartbeatMs) {
      if (endsAtMs !== null && nowMs >= endsAtMs && failure === null) {
        failure = new Failure(
          'UNAUTHENTICATED',
          'The token has expired. Get a new one, and subscribe again.',
        );
        complete();
      }
      // No heartbeat for a caller that has not read what was sent.
      if (nowMs - lastWriteMs >= heartbeatMs && !response.writableNeedDrain && !response.writableEnded) {
        void write(format.heartbeat);
      }
    },
    complete,
  });
  await write(format.start);
  for (;;) {
    const event = await events.next();
    if (event === null || response.destroyed) break;
    await write(format.event(event));
    onEvent();
  }
  if (response.destroyed) return;
  const last = failure === null ? '' : format.failure(errorsJson(failure, requestId));
  response.end(last + format.end);
}

function errorsJson({ code, message }: Failure, requestId: string): string {
  return JSON.stringify([{ message, extensions: { code, retryable: false, requestId } }]);
}
