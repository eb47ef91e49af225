import { type GraphQLContentType, graphqlContentType } from '../negotiation.ts';
import { streamFormat } from './choose-format.ts';
import type { StreamFormat } from './stream-format.ts';

/** What an `Accept` header takes. */
export interface AskedFormat {
  /** What an answer or a refusal is written as. */
  readonly contentType: GraphQLContentType;
  /** What events are written as; null where the caller takes no stream. */
  readonly stream: StreamFormat | null;
  /** Whether the caller takes an answer only as a stream of one event. */
  readonly isStreamOnly: boolean;
}

/** What an `Accept` header takes; null when it takes nothing that is on offer. */
export function askedFormat(accept: string | undefined): AskedFormat | null {
  const contentType = graphqlContentType(accept);
  const stream = streamFormat(accept);
  if (contentType !== null) return { contentType, stream, isStreamOnly: false };
  if (stream === null) return null;
  return { contentType: 'application/graphql-response+json; charset=utf-8', stream, isStreamOnly: true };
}
