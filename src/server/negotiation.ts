import Negotiator from 'negotiator';
import { RecentValues } from '../domain/recent-values.ts';

/** What an answer of the GraphQL endpoint is written as. */
export type GraphQLContentType =
  | 'application/json; charset=utf-8'
  | 'application/graphql-response+json; charset=utf-8';

const json = 'application/json; charset=utf-8';
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
/** Callers that like both alike get the first: what those that name no media type can read. */
const offered: readonly GraphQLContentType[] = [json, graphqlResponse];

// Reading a header takes a tenth of an answer from memory, and clients send a handful of them.
const decided = new RecentValues<GraphQLContentType | null>(100);
const textLengthMax = 256;

/**
 * The content type of every answer to this `Accept` header, whoever makes it: results, and refusals before and after
 * GraphQL. Null when the caller takes neither media type.
 */
export function graphqlContentType(accept = ''): GraphQLContentType | null {
  const known = decided.get(accept);
  if (known !== undefined) return known;
  const contentType = preferredMediaType(accept, offered);
  if (accept.length <= textLengthMax) decided.set(accept, contentType);
  return contentType;
}

/**
 * The content type of a refusal: one that the caller takes where there is one. JSON for all others, who learn more
 * from it than from an empty body (RFC 9110 section 12.5.1).
 */
export function refusalContentType(accept: string | undefined): GraphQLContentType {
  return graphqlContentType(accept) ?? json;
}

/**
 * Status of a well-formed GraphQL request that was refused before execution: it does not parse, validate or fit its
 * variables. 400 for clients that know `application/graphql-response+json`; with `application/json` any status but 2xx
 * would be taken for the answer of a machine on the way (GraphQL over HTTP, section 6.4.1).
 */
export function requestErrorStatus(contentType: GraphQLContentType): 200 | 400 {
  return contentType === json ? 200 : 400;
}

/** The one on offer that an `Accept` header likes best, the first where it likes all alike; null when it takes none. */
export function preferredMediaType<Offered extends string>(
  accept: string,
  offered: readonly Offered[],
): Offered | null {
  // An empty header wants nothing in particular, as a missing one does.
  const header = /[^ \t,]/.test(accept) ? accept : '*/*';
  return new Negotiator({ headers: { accept: header } }).mediaType(offered) ?? null;
}

/** Whether an `Accept-Encoding` header takes gzip, at least as gladly as no encoding at all. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  const negotiator = new Negotiator({ headers: { 'accept-encoding': acceptEncoding ?? '' } });
  return negotiator.encoding(['gzip', 'identity'], { preferred: ['gzip'] }) === 'gzip';
}
