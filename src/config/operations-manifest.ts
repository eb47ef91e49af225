import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { PersistedOperation } from './config.ts';
import { readBoundedFile } from './read-file.ts';
import { parseJson } from './values.ts';

const bytesMax = 4_194_304;

/** Output of `@apollo/generate-persisted-query-manifest`. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z
    .array(z.object({ id: z.string().min(1).max(512), name: z.string().nullish(), body: z.string().min(1) }))
    .min(1),
});

/** Output of `relay-compiler` for `persistConfig.file`. */
const relayMap = z
  .record(z.string().min(1).max(512), z.string().min(1))
  .refine((texts) => Object.keys(texts).length > 0);

/**
 * The operations of a manifest, or what is wrong with it, as the rest of a sentence that starts with the variable's
 * name.
 */
export type ManifestRead =
  | { readonly operations: readonly PersistedOperation[] }
  | { readonly problem: string };

/** Reads the manifest at `path`, in Apollo's form or in Relay's. */
export function readOperationsManifest(path: string): ManifestRead {
  const text = readBounded(path);
  if (text === null) {
    return { problem: `must be the path of a file of at most ${bytesMax} bytes that can be read` };
  }
  const json = parseJson(text);
  if (json === undefined) return { problem: 'names a file that is not JSON' };
  const apollo = apolloManifest.safeParse(json);
  if (apollo.success) {
    const operations = apollo.data.operations.map(({ id, name, body }) => ({
      id,
      name: name ?? null,
      text: body,
    }));
    return checked(operations, apolloHashes);
  }
  const relay = relayMap.safeParse(json);
  if (relay.success) {
    const operations = Object.entries(relay.data).map(([id, text]) => ({ id, name: null, text }));
    return checked(operations, relayHashes);
  }
  return {
    problem:
      'names a file that is neither {"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id","name","type","body"}]} nor a Relay map of ids to texts, with at least one operation',
  };
}

/** The hash function of an id, by its number of hex digits; any other id is a chosen name. */
type Hashes = Readonly<Record<number, string>>;
const apolloHashes: Hashes = { 64: 'sha256' };
const relayHashes: Hashes = { 32: 'md5', 40: 'sha1', 64: 'sha256' };

function checked(operations: readonly PersistedOperation[], hashes: Hashes): ManifestRead {
  const ids = new Set<string>();
  for (const { id, text } of operations) {
    const shown = JSON.stringify(id.slice(0, 80));
    if (ids.has(id)) return { problem: `names a file with two operations of the id ${shown}` };
    ids.add(id);
    const algorithm = /^[0-9a-f]+$/.test(id) ? hashes[id.length] : undefined;
    if (algorithm !== undefined && createHash(algorithm).update(text).digest('hex') !== id) {
      return {
        problem: `names a file whose id ${shown} is not the ${algorithm} of its text; write the manifest again`,
      };
    }
  }
  return { operations };
}

function readBounded(path: string): string | null {
  try {
    return readBoundedFile(path, bytesMax);
  } catch {
    return null;
  }
}
