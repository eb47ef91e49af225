import { Failure } from '../../domain/failure.ts';
import type { HostList } from '../../domain/host-list.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { SubscriptionCallbacks } from '../../ports/subscription-callbacks.ts';
import { parseCallbackRequest } from './callback-request.ts';
import { createCallbackSink } from './callback-sink.ts';
import { postMessage } from './messages.ts';

export interface SubscriptionCallbacksOptions {
  /** Limits the time and the size of each reply, and follows no redirect. */
  readonly http: Pick<HttpPort, 'send'>;
  /** The hosts that events may be sent to. */
  readonly hosts: HostList;
  /** Called when a subscription ends because its router did not take a message. */
  readonly onProblem: (details: { readonly routerHost: string; readonly problem: string }) => void;
}

/**
 * Creates the subgraph's side of the HTTP callback protocol. Apollo Server has a plugin for it, which posts to any URL,
 * waits without a limit, and subscribes past our limits on subscriptions, events and callers.
 */
export function createSubscriptionCallbacks(options: SubscriptionCallbacksOptions): SubscriptionCallbacks {
  const { http, hosts, onProblem } = options;
  return {
    async confirm(body) {
      const request = parseCallbackRequest(body);
      const { host } = request.url;
      if (!hosts.has(request.url)) {
        const remedy = 'If it is a router of yours, list it in SUBSCRIPTION_CALLBACK_HOSTS.';
        throw new Failure('FORBIDDEN', `Events may not be sent to "callbackUrl" at ${host}. ${remedy}`);
      }
      const problem = await postMessage(http, request, { action: 'check' });
      if (problem !== null) throw new Failure('BAD_USER_INPUT', problem);
      return createCallbackSink({
        post: (message) => postMessage(http, request, message),
        heartbeatIntervalMs: request.heartbeatIntervalMs,
        onProblem: (problem) => onProblem({ routerHost: host, problem }),
      });
    },
  };
}
