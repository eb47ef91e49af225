import { brotliDecompressSync, gunzipSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { ReplyTooLarge } from './transport-failure.ts';

/** What `unpack` can undo, for the header `accept-encoding`. */
export const unpackedEncodings = 'gzip, deflate, br';

/**
 * A body without its content encoding; as it is when the encoding is none of ours. Throws `ReplyTooLarge` above
 * `bytesMax` bytes unpacked, zlib's error for bytes that are cut short or damaged.
 *
 * At once and not in a thread: whoever reads a reply parses it next, which takes longer than unpacking it.
 */
export function unpack(packed: Buffer, encoding: string | undefined, bytesMax: number): Buffer {
  const undo = encoding === undefined ? undefined : unpackers.get(encoding.trim().toLowerCase());
  // A reply without a body may still name the encoding that it would have had.
  if (undo === undefined || packed.length === 0) return packed;
  try {
    return undo(packed, { maxOutputLength: bytesMax });
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
