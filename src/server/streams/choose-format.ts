import Negotiator from 'negotiator';
import { multipart } from './multipart.ts';
import { serverSentEvents } from './server-sent-events.ts';
import type { StreamFormat } from './stream-format.ts';

/** Formats by the media types that callers ask for them with. A caller that likes both alike gets the first. */
const formats: Readonly<Record<string, StreamFormat>> = {
  'text/event-stream': serverSentEvents,
  'multipart/mixed': multipart,
};

/** The stream that an `Accept` header asks for by name; null for one that asks for none. */
export function streamFormat(accept: string | undefined): StreamFormat | null {
  // A wildcard takes anything, and means an answer.
  if (accept === undefined || !/text\/event-stream|multipart\/mixed/i.test(accept)) return null;
  const named = accept
    .split(',')
    .filter((range) => !/\*/.test(range))
    .map(withoutParameters)
    .join(',');
  const liked = new Negotiator({ headers: { accept: named } }).mediaType(Object.keys(formats));
  return liked === undefined ? null : (formats[liked] ?? null);
}

/** Negotiation takes a media type with other parameters for another one. */
function withoutParameters(range: string): string {
  const [type = '', ...parameters] = range.split(';');
  const weight = parameters.find((parameter) => /^\s*q\s*=/i.test(parameter));
  return weight === undefined ? type : `${type};${weight}`;
}
