import { type GraphQLContentType, graphqlContentType } from '../negotiation.ts';
import { streamFormat } from './choose-format.ts';
import type { StreamFormat } from './stream-format.ts';

/** The formats that an `Accept` header accepts. */
export interface NegotiatedFormat {
  /** Content type of an answer or a refusal. */
  readonly contentType: GraphQLContentType;
  /** Format of events; null when the caller does not accept a stream. */
  readonly stream: StreamFormat | null;
  /** Whether the caller accepts an answer only as a stream of one event. */
  readonly isStreamOnly: boolean;
}

/** Negotiates the formats for an `Accept` header; null when it accepts nothing on offer. */
export function negotiateFormat(accept: string | undefined): NegotiatedFormat | null {
  const contentType = graphqlContentType(accept);
  const stream = streamFormat(accept);
  if (contentType !== null) return { contentType, stream, isStreamOnly: false };
  if (stream === null) return null;
  return { contentType: 'application/graphql-response+json; charset=utf-8', stream, isStreamOnly: true };
}
