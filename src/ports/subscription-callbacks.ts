import type { EventSink } from './event-stream.ts';

/** Sends events to routers, by Apollo's HTTP callback protocol for subscriptions. */
export interface SubscriptionCallbacks {
  /**
   * Has the router confirm a subscription that it asked for with the parsed body `body`. Rejects with `Failure`
   * BAD_USER_INPUT (the request lacks what the protocol needs, or the router does not confirm it) or FORBIDDEN (the
   * router is not on the list of those that events may be sent to).
   */
  confirm(body: unknown): Promise<EventSink>;
}
