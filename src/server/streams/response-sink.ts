import type { EventSink } from '../../ports/event-stream.ts';
import { defaultHeaders, type Exchange } from '../reply.ts';
import { whenClosed } from '../signal-of-caller.ts';
import { writeText } from '../write-text.ts';
import type { StreamFormat } from './stream-format.ts';

export interface ResponseSinkOptions {
  /** After how long without an event a heartbeat is due. */
  readonly heartbeatMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Prevent proxies from delaying or changing events. The connection is not reused. */
const streamHeaders = {
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  connection: 'close',
};

/** Writes events into the response to the request, as fast as the caller reads them. */
export function createResponseSink(
  { response, commonHeaders }: Exchange,
  format: StreamFormat,
  { heartbeatMs, now }: ResponseSinkOptions,
): EventSink {
  let lastWriteMs = now();
  const write = (text: string) => {
    lastWriteMs = now();
    return writeText(response, text);
  };
  return {
    async start(onGone) {
      whenClosed(response, onGone);
      response.writeHead(200, {
        ...defaultHeaders,
        ...commonHeaders(),
        ...streamHeaders,
        'content-type': format.contentType,
      });
      await write(format.start);
    },
    send: (event) => write(format.event(event)),
    keepAlive(nowMs) {
      // No heartbeat for a caller that has not read what was sent.
      if (nowMs - lastWriteMs < heartbeatMs || response.writableNeedDrain || response.writableEnded) return;
      void write(format.heartbeat);
    },
    async end(errors) {
      response.end((errors === null ? '' : format.failure(errors)) + format.end);
    },
  };
}
