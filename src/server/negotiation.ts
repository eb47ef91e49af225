import Negotiator from 'negotiator';
import { RecentValues } from '../domain/recent-values.ts';

/** Content type of an answer from the GraphQL endpoint. */
export type GraphQLContentType =
  | 'application/json; charset=utf-8'
  | 'application/graphql-response+json; charset=utf-8';

const json = 'application/json; charset=utf-8';
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';
/** Callers that prefer neither get the first, which clients that send no media type can read. */
const offered: readonly GraphQLContentType[] = [json, graphqlResponse];

// Parsing a header takes a tenth of an answer from the cache, and clients send a handful of different ones.
const decided = new RecentValues<GraphQLContentType | null>(100);
const textLengthMax = 256;

/**
 * Negotiates the content type of every answer to this `Accept` header: results, and refusals before and after GraphQL.
 * Null when the caller accepts neither media type.
 */
export function graphqlContentType(accept = ''): GraphQLContentType | null {
  const known = decided.get(accept);
  if (known !== undefined) return known;
  const contentType = preferredMediaType(accept, offered);
  if (accept.length <= textLengthMax) decided.set(accept, contentType);
  return contentType;
}

/**
 * The content type of a refusal: one that the caller accepts, if any, else JSON, which says more than an empty body
 * (RFC 9110 section 12.5.1).
 */
export function refusalContentType(accept: string | undefined): GraphQLContentType {
  return graphqlContentType(accept) ?? json;
}

/**
 * Status of a well-formed GraphQL request that was refused before execution because it does not parse or validate, or
 * its variables are invalid. 400 for clients that know `application/graphql-response+json`. With `application/json`,
 * any status other than 2xx could be mistaken for an intermediary's answer (GraphQL over HTTP, section 6.4.1).
 */
export function requestErrorStatus(contentType: GraphQLContentType): 200 | 400 {
  return contentType === json ? 200 : 400;
}

/** The offered media type that an `Accept` header prefers, the first if it prefers none; null when it accepts none. */
export function preferredMediaType<Offered extends string>(
  accept: string,
  offered: readonly Offered[],
): Offered | null {
  // An empty header has no preference, like a missing one.
  const header = /[^ \t,]/.test(accept) ? accept : '*/*';
  return new Negotiator({ headers: { accept: header } }).mediaType(offered) ?? null;
}

/** Whether an `Accept-Encoding` header accepts gzip, at least as much as no encoding. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  const negotiator = new Negotiator({ headers: { 'accept-encoding': acceptEncoding ?? '' } });
  return negotiator.encoding(['gzip', 'identity'], { preferred: ['gzip'] }) === 'gzip';
}
