import { refusalStatus } from './answer-status.ts';
import type { RequestHooks } from './request-plugin.ts';

/**
 * Gives a well-formed request that was refused before execution the status its caller can read. A malformed one
 * (BAD_REQUEST) stays 400 for everybody.
 */
export function createStatusHooks(): RequestHooks {
  return {
    willSendResponse({ request, response: { body, http } }) {
      if (http.status !== 400 || body.kind !== 'single') return;
      const isMalformed = body.singleResult.errors?.some(
        ({ extensions }) => extensions?.code === 'BAD_REQUEST',
      );
      if (isMalformed !== true) http.status = refusalStatus(request.http?.headers.get('accept'));
    },
  };
}
