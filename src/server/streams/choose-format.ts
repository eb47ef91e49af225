import Negotiator from 'negotiator';
import { multipart } from './multipart.ts';
import { serverSentEvents } from './server-sent-events.ts';
import type { StreamFormat } from './stream-format.ts';

/** Formats by media type. A caller that prefers neither gets the first. */
const formats: Readonly<Record<string, StreamFormat>> = {
  'text/event-stream': serverSentEvents,
  'multipart/mixed': multipart,
};

/** The stream format that an `Accept` header names; null when it names none. */
export function streamFormat(accept: string | undefined): StreamFormat | null {
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
