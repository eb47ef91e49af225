import type { Config } from '../config/config.ts';
import { createHostList } from '../domain/host-list.ts';
import type { SubscriptionCallbacks } from '../ports/subscription-callbacks.ts';
import { createSubscriptionCallbacks } from '../server/callbacks/index.ts';
import type { ServerLog } from '../server/contract.ts';
import { httpClients } from '../upstream/http/index.ts';

/** Longest time that a router may take for a message, so that a stopping gateway can still complete subscriptions. */
const messageTimeoutMs = 5_000;

/** Sends events of subscriptions to the routers of SUBSCRIPTION_CALLBACK_HOSTS, over connections of their own. */
export function openSubscriptionCallbacks(
  { callbackHosts, requestTimeoutMs }: Pick<Config, 'callbackHosts' | 'requestTimeoutMs'>,
  log: Pick<ServerLog, 'warn'>,
): SubscriptionCallbacks & { close(): void } {
  const http = httpClients.undici({
    connectTimeoutMs: 3_000,
    // A subscription is confirmed while its request waits, and half of its time is left for the first read.
    requestTimeoutMs: Math.min(messageTimeoutMs, Math.ceil(requestTimeoutMs / 2)),
    replyBytesMax: 65_536,
    maxSockets: 64,
  });
  const callbacks = createSubscriptionCallbacks({
    http,
    hosts: createHostList(callbackHosts),
    onProblem: (details) =>
      log.warn(details, 'a subscription ended, because its router did not take a message'),
  });
  return { ...callbacks, close: () => http.close() };
}
