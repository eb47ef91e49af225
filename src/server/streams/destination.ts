import type { SubscriptionCallbacks } from '../../ports/subscription-callbacks.ts';
import type { Exchange } from '../reply.ts';
import type { NegotiatedFormat } from './negotiate-format.ts';
import type { Destination } from './opened-events.ts';
import { createResponseSink, type ResponseSinkOptions } from './response-sink.ts';

/** How events are delivered. */
export interface DeliveryOptions extends ResponseSinkOptions {
  /** Null if routers cannot be called. */
  readonly callbacks: SubscriptionCallbacks | null;
}

/** Where the events of a request would go; null when its caller accepts none. `body` is the parsed body. */
export function destinationOf(
  exchange: Exchange,
  delivery: DeliveryOptions,
  { contentType, stream, isCallback }: NegotiatedFormat,
  body: unknown,
): Destination | null {
  const { callbacks } = delivery;
  if (isCallback && callbacks !== null) {
    const reply = { status: 200, body: '{"data":null}\n', headers: { 'content-type': contentType } };
    return { open: () => callbacks.confirm(body), reply };
  }
  if (stream === null) return null;
  return { open: async () => createResponseSink(exchange, stream, delivery), reply: null };
}
