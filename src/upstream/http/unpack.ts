import { brotliDecompressSync, gunzipSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { ReplyTooLarge, UnknownPacking } from './transport-failure.ts';

/** What `unpack` can undo, for the header `accept-encoding`. */
export const unpackedEncodings = 'gzip, deflate, br';

/**
 * A body without its content encoding. Throws `ReplyTooLarge` above `bytesMax` bytes unpacked, zlib's error for bytes
 * that are cut short or damaged, `UnknownPacking` for an encoding that is none of ours.
 *
 * At once and not in a thread: whoever reads a reply parses it next, which takes longer than unpacking it.
 */
export function unpack(packed: Buffer, encoding: string | undefined, bytesMax: number): Buffer {
  // A reply without a body may still name the encoding that it would have had.
  if (encoding === undefined || packed.length === 0) return packed;
  const names = encoding.toLowerCase().split(',');
  if (names.length > encodingsMax) throw new UnknownPacking();
  // They stand in the order in which they were applied (RFC 9110, section 8.4).
  return names.reduceRight((bytes, name) => undo(name.trim(), bytes, bytesMax), packed);
}

const encodingsMax = 4;

function undo(name: string, packed: Buffer, bytesMax: number): Buffer {
  if (name === 'identity' || name === '') return packed;
  const unpacker = unpackers.get(name);
  if (unpacker === undefined) throw new UnknownPacking();
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
