import Negotiator from 'negotiator';
import { type GraphQLContentType, graphqlContentType } from '../negotiation.ts';
import { multipart, type StreamFormat, serverSentEvents } from './stream-format.ts';

/** The formats that an `Accept` header accepts. */
export interface NegotiatedFormat {
  /** Content type of an answer or a refusal. */
  readonly contentType: GraphQLContentType;
  /** Format of events; null when the caller does not accept a stream. */
  readonly stream: StreamFormat | null;
  /** Whether the caller accepts an answer only as a stream of one event. */
  readonly isStreamOnly: boolean;
  /** Whether events go to the caller by Apollo's HTTP callback protocol. */
  readonly isCallback: boolean;
}

/** What a router adds to a media type to ask for callbacks. */
const callbackSpec = /;\s*callbackSpec\s*=\s*"?1\.0"?/gi;

/** Negotiates the formats for an `Accept` header; null when it accepts nothing on offer. */
export function negotiateFormat(accept: string | undefined): NegotiatedFormat | null {
  const plain = accept?.replace(callbackSpec, '');
  const isCallback = plain !== accept;
  const contentType = graphqlContentType(plain);
  const stream = streamFormat(accept);
  if (contentType !== null) return { contentType, stream, isStreamOnly: false, isCallback };
  if (stream === null) return null;
  return {
    contentType: 'application/graphql-response+json; charset=utf-8',
    stream,
    isStreamOnly: true,
    isCallback,
  };
}

/** Formats by media type. A caller that prefers neither gets the first. */
const formats: Readonly<Record<string, StreamFormat>> = {
  'text/event-stream': serverSentEvents,
  'multipart/mixed': multipart,
};

/** The stream format that an `Accept` header names; null when it names none. */
function streamFormat(accept: string | undefined): StreamFormat | null {
  // A wildcard accepts anything, and gets an ordinary answer.
  if (accept === undefined || !/text\/event-stream|multipart\/mixed/i.test(accept)) return null;
  const named = accept
    .split(',')
    .filter((range) => !/\*/.test(range))
    .map(withoutParameters)
    .join(',');
  const liked = new Negotiator({ headers: { accept: named } }).mediaType(Object.keys(formats));
  return liked === undefined ? null : (formats[liked] ?? null);
}

/** The negotiator treats a media type with parameters as a different one. */
function withoutParameters(range: string): string {
  const [type = '', ...parameters] = range.split(';');
  const weight = parameters.find((parameter) => /^\s*q\s*=/i.test(parameter));
  return weight === undefined ? type : `${type};${weight}`;
}
