import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import { Failure } from '../../domain/failure.ts';
import type { GatewayContext } from '../context.ts';
import { refuseRequest, toRefusal } from './refused-request.ts';

/** An operation that may run when only listed operations may. */
export interface ListedOperation {
  readonly id: string;
  readonly text: string;
}

/** The operations that may run. */
export interface Safelist {
  /** The text of an id; undefined when there is none. */
  textOf(id: string): string | undefined;
  /** QUERY_NOT_IN_SAFELIST for a text that is not listed; null for one that is. */
  refusalOf(text: string): Failure | null;
}

export function createSafelist(operations: readonly ListedOperation[]): Safelist {
  const textOf = new Map(operations.map(({ id, text }) => [id, text]));
  const texts = new Set(textOf.values());
  return {
    textOf: (id) => textOf.get(id),
    refusalOf: (text) => (texts.has(text) ? null : notInSafelist()),
  };
}

/**
 * Lets only listed operations run, requested by id or by their exact text. All others are refused before they are
 * parsed.
 */
export function createSafelistPlugin(listed: Safelist): ApolloServerPlugin<GatewayContext> {
  function judge({ query, extensions }: GraphQLRequest): string | Failure | null {
    const id = persistedId(extensions);
    if (id === null) {
      if (query === undefined || query === '') return null;
      return listed.refusalOf(query) ?? query;
    }
    const text = listed.textOf(id);
    if (text === undefined) return notInList();
    return query === undefined || query === text ? text : notInSafelist();
  }

  return {
    async requestDidStart({ request }) {
      const judged = judge(request);
      // The request has neither an operation nor an id: Apollo Server reports what is missing.
      if (judged === null) return;
      if (typeof judged === 'string') {
        request.query = judged;
        request.extensions = { ...request.extensions, persistedQuery: undefined };
        return;
      }
      refuseRequest(request);
      return {
        async willSendResponse(answered) {
          toRefusal(answered, judged);
        },
      };
    },
  };
}

/**
 * The id that a request asks for; null when it asks for none, and '', which is never listed, when the id is not a
 * string.
 */
function persistedId(extensions: GraphQLRequest['extensions']): string | null {
  const asked: unknown = extensions?.persistedQuery;
  if (asked === undefined || asked === null) return null;
  const id: unknown = typeof asked === 'object' ? Reflect.get(asked, 'sha256Hash') : null;
  return typeof id === 'string' ? id : '';
}

const remedy =
  'Add the operation to the manifest that PERSISTED_OPERATIONS_MANIFEST names, and start the gateway again.';

function notInList(): Failure {
  return new Failure('PERSISTED_QUERY_NOT_IN_LIST', `No operation with this id may run here. ${remedy}`);
}

function notInSafelist(): Failure {
  return new Failure(
    'QUERY_NOT_IN_SAFELIST',
    `This text is not exactly one of the operations that may run here. ${remedy}`,
  );
}
