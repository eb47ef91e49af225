import { brotliDecompressSync, gunzipSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { ReplyTooLarge, UnknownContentEncoding } from './transport-failure.ts';

/** The encodings that `unpack` supports, as value of `accept-encoding`. */
export const unpackedEncodings = 'gzip, deflate, br';

/**
 * Decompresses a body. Throws `ReplyTooLarge` above `bytesMax` decompressed bytes, zlib's error for incomplete or
 * damaged bytes, and `UnknownContentEncoding` for an encoding that was not requested.
 *
 * Synchronous, because parsing the reply comes next and takes longer than decompressing it.
 */
export function unpack(packed: Buffer, encoding: string | undefined, bytesMax: number): Buffer {
  // A reply without a body may still name the encoding that its body would have had.
  if (encoding === undefined || packed.length === 0) return packed;
  const names = encoding.toLowerCase().split(',');
  if (names.length > encodingsMax) throw new UnknownContentEncoding();
  // They are listed in the order in which they were applied (RFC 9110, section 8.4).
  return names.reduceRight((bytes, name) => undo(name.trim(), bytes, bytesMax), packed);
}

const encodingsMax = 4;

function undo(name: string, packed: Buffer, bytesMax: number): Buffer {
  if (name === 'identity' || name === '') return packed;
  const unpacker = unpackers.get(name);
  if (unpacker === undefined) throw new UnknownContentEncoding();
  try {
    return unpacker(packed, { maxOutputLength: bytesMax });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new ReplyTooLarge() : error;
  }
}

const unpackers = new Map<string, (packed: Buffer, options: ZlibOptions) => Buffer>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);
