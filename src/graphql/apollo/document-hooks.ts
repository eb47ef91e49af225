import type { GraphQLRequest } from '@apollo/server';
import { type DocumentNode, parse } from 'graphql';
import { ownTick } from '../../domain/end-of-tick.ts';
import { Failure } from '../../domain/failure.ts';
import { checkDocument, checkDocumentLength, type QueryLimits } from '../limits/index.ts';
import { asBadRequest } from './limits-hooks.ts';
import type { RequestHooks } from './request-plugin.ts';

/**
 * Refuses documents that are too large: by the length of their text before parsing, and by their content before
 * validation. Also refuses those that validation would fail at.
 */
export function createDocumentHooks(limits: QueryLimits): RequestHooks {
  const refused = new WeakMap<DocumentNode, Failure>();
  return {
    didStart(request) {
      makeHashText(request);
      try {
        checkDocumentLength(request.query ?? '', limits);
        return null;
      } catch (error) {
        if (error instanceof Failure) return error;
        throw error;
      }
    },
    // Parsing and validating can take 50 ms, so the document gets a tick of its own.
    willParse: ownTick,
    documentInPlaceOf(document) {
      try {
        checkDocument(document, limits);
        return document;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // Validation cannot be skipped, so a tiny document is validated instead. It is a new one each time, because
        // Apollo Server caches it under the text's hash.
        const small = parse('{ __typename }');
        refused.set(small, error);
        return small;
      }
    },
    didResolveOperation({ document }) {
      const failure = refused.get(document);
      if (failure !== undefined) throw asBadRequest(failure);
    },
  };
}

/**
 * Replaces a persisted-query hash that is no string. Apollo Server converts it to text for the lookup, and converting
 * a deeply nested list overflows the stack. The caller's other fields are dropped: copying a list of 100,000 members
 * takes 70 ms.
 */
function makeHashText(request: GraphQLRequest): void {
  const asked: unknown = request.extensions?.persistedQuery;
  if (typeof asked !== 'object' || asked === null || typeof Reflect.get(asked, 'sha256Hash') === 'string')
    return;
  const persistedQuery = { version: Reflect.get(asked, 'version'), sha256Hash: '' };
  request.extensions = { ...request.extensions, persistedQuery };
}
