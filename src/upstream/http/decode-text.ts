import { isUtf8 } from 'node:buffer';
import type { HttpReply } from '../../ports/http.ts';

/** A body as text, or why it could not be decoded. */
export type DecodedBody = Pick<HttpReply, 'text' | 'unreadable'>;

/** `charset` of a content type (RFC 9110, section 8.3.1), with or without quotes. */
const charsetParameter = /;\s*charset\s*=\s*(?:"([^"]{1,40})"|([^\s;,"]{1,40}))/i;

/**
 * Decodes a body by its byte order mark, else by the charset of its content type, else as UTF-8. The text does not
 * include the mark. Bytes that are invalid in that encoding yield no text, because replacement characters would pass
 * for data.
 */
export function decodeBody(bytes: Buffer, contentType: string | undefined): DecodedBody {
  const marked = markedEncoding(bytes);
  if (marked === 'utf-8') return decodeUtf8(bytes, 3, 'has a UTF-8 byte order mark but is not valid UTF-8');
  if (marked !== null) return decodeAs(marked, bytes);
  const match = contentType === undefined ? null : charsetParameter.exec(contentType);
  const label = match?.[1] ?? match?.[2];
  if (label === undefined) return decodeUtf8(bytes, 0, 'is not valid UTF-8 and declares no other encoding');
  return /^utf-?8$/i.test(label)
    ? decodeUtf8(bytes, 0, 'is labelled UTF-8 but is not valid UTF-8')
    : decodeAs(label, bytes);
}

function markedEncoding(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

function decodeUtf8(bytes: Buffer, start: number, problem: string): DecodedBody {
  return isUtf8(bytes) ? { text: bytes.toString('utf8', start) } : { text: '', unreadable: problem };
}

function decodeAs(label: string, bytes: Buffer): DecodedBody {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    return { text: '', unreadable: 'declares an encoding that the gateway does not know' };
  }
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    const encoding = decoder.encoding.toUpperCase();
    return { text: '', unreadable: `is labelled ${encoding} but is not valid ${encoding}` };
  }
}
