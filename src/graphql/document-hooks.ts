import type { GraphQLRequest } from '@apollo/server';
import { type DocumentNode, parse } from 'graphql';
import { ownTick } from '../domain/end-of-tick.ts';
import { Failure } from '../domain/failure.ts';
import { checkDocument, checkDocumentLength, type QueryLimits } from './limits/index.ts';
import { asBadRequest } from './limits-hooks.ts';
import type { RequestHooks } from './request-plugin.ts';

/** Refuses documents that are too large: by their text before they are parsed, by what is in them before validation. */
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
    // Parsing and validating takes up to 50 ms.
    willParse: ownTick,
    documentInPlaceOf(document) {
      try {
        checkDocument(document, limits);
        return document;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // Validation cannot be passed over. A document of its own, because Apollo Server keeps it under the text's hash.
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
 * Apollo Server makes text of whatever stands there to look it up, and text of a deep list takes the whole stack. What
 * else the caller put beside it is left behind: to copy a list of 100,000 members takes 70 ms.
 */
function makeHashText(request: GraphQLRequest): void {
  const asked: unknown = request.extensions?.persistedQuery;
  if (typeof asked !== 'object' || asked === null || typeof Reflect.get(asked, 'sha256Hash') === 'string')
    return;
  const persistedQuery = { version: Reflect.get(asked, 'version'), sha256Hash: '' };
  request.extensions = { ...request.extensions, persistedQuery };
}
