import { Failure } from '../../domain/failure.ts';
import type { EventSink, EventStream } from '../../ports/event-stream.ts';

/** A stream that is being sent. */
export interface OpenStream {
  /** Sends a heartbeat or ends the stream if it is due. */
  check(nowMs: number): void;
  /** Ends the stream after the current event. */
  complete(): void;
}

/** What a stream is sent with. */
export interface SentStream {
  readonly events: EventStream;
  readonly sink: EventSink;
  /** When the caller's credential expires, in epoch milliseconds; null for never. */
  readonly endsAtMs: number | null;
  /** Named in the error that ends the stream. */
  readonly requestId: string;
  readonly onEvent: () => void;
}

/**
 * Sends events until there are no more, the recipient has gone, or the caller's credential expires. Requests the next
 * event only when the recipient has taken the one before. Calls `onOpen` before anything is sent; resolves when the
 * stream has ended.
 */
export async function sendEvents(
  { events, sink, endsAtMs, requestId, onEvent }: SentStream,
  onOpen: (stream: OpenStream) => void,
): Promise<void> {
  let failure: Failure | null = null;
  let isGone = false;
  const complete = () => events.end();
  onOpen({
    check(nowMs) {
      if (endsAtMs !== null && nowMs >= endsAtMs && failure === null) {
        failure = new Failure(
          'UNAUTHENTICATED',
          'The token has expired. Get a new one, and subscribe again.',
        );
        complete();
      }
      sink.keepAlive?.(nowMs);
    },
    complete,
  });
  await sink.start(() => {
    isGone = true;
    complete();
  });
  try {
    let event = await events.next();
    while (event !== null && !isGone) {
      await sink.send(event);
      onEvent();
      // A sent event is not kept in memory until there is another one.
      event = null;
      event = await events.next();
    }
  } catch (error) {
    if (!isGone) await sink.end(errorsJson(internalError, requestId));
    throw error;
  }
  if (!isGone) await sink.end(failure === null ? null : errorsJson(failure, requestId));
}

/** What a recipient gets for a bug here. */
const internalError = { code: 'INTERNAL_SERVER_ERROR', message: 'Internal error' };

function errorsJson(
  { code, message }: Pick<Failure, 'message'> & { code: string },
  requestId: string,
): string {
  return JSON.stringify([{ message, extensions: { code, retryable: false, requestId } }]);
}
