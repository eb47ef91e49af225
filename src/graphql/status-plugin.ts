import type { ApolloServerPlugin } from '@apollo/server';
import { refusalStatus } from './answer-status.ts';

/**
 * Gives a well-formed request that was refused before execution the status its caller can read. A malformed one
 * (BAD_REQUEST) stays 400 for everybody.
 */
export function createStatusPlugin(): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ request, response: { body, http } }) {
          if (http.status !== 400 || body.kind !== 'single') return;
          const isMalformed = body.singleResult.errors?.some(
            ({ extensions }) => extensions?.code === 'BAD_REQUEST',
          );
          if (isMalformed !== true) http.status = refusalStatus(request.http?.headers.get('accept'));
        },
      };
    },
  };
}
