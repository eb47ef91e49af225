import { Failure } from '../../domain/failure.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { CallbackRequest } from './callback-request.ts';

/** What became of a message: null if the router took it, else why not, as a sentence. */
export type Problem = string | null;

/** A message to a router; `rest` is what follows the fields of every message, as JSON text. */
export interface CallbackMessage {
  readonly action: 'check' | 'next' | 'complete';
  readonly rest?: string;
}

/**
 * Posts a message to the router (`callback/1.0`). A `check` is posted once more if its reply is lost, as when the router
 * closes an idle connection; other messages are not, because the router may have taken them.
 */
export async function postMessage(
  http: Pick<HttpPort, 'send'>,
  request: CallbackRequest,
  message: CallbackMessage,
): Promise<Problem> {
  let failed = await postOnce(http, request, message);
  if (failed?.isReplyLost && message.action === 'check') failed = await postOnce(http, request, message);
  return failed?.problem ?? null;
}

interface FailedMessage {
  readonly problem: string;
  /** Whether the router may not have got it. */
  readonly isReplyLost: boolean;
}

async function postOnce(
  http: Pick<HttpPort, 'send'>,
  { url, id, verifier }: CallbackRequest,
  { action, rest = '' }: CallbackMessage,
): Promise<FailedMessage | null> {
  const common = JSON.stringify({ kind: 'subscription', action, id, verifier }).slice(0, -1);
  try {
    const { status } = await http.send({
      name: 'The router at "callbackUrl"',
      method: 'POST',
      url: url.href,
      headers: { 'content-type': 'application/json', 'subscription-protocol': 'callback/1.0' },
      body: `${common}${rest}}`,
    });
    if (status >= 200 && status < 300) return null;
    return {
      problem: `The router at "callbackUrl" answered "${action}" with ${status}.`,
      isReplyLost: false,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { problem: error.message, isReplyLost: error.code === 'UPSTREAM_UNAVAILABLE' };
  }
}
