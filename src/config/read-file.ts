import { readFileSync, statSync } from 'node:fs';

/** Not a regular file, or too large. */
class FileRefused extends Error {
  readonly code: string;

  constructor(code: string) {
    super('The file is not read');
    this.code = code;
  }
}

/**
 * Reads a text file of at most `bytesMax` bytes. Throws Node's error, or one with the code `EFBIG` (too large) or
 * `ENOTFILE` (not a regular file, which might never end).
 */
export function readBoundedFile(path: string, bytesMax: number): string {
  checkFile(path, bytesMax);
  return readFileSync(path, 'utf8');
}

/** Throws as `readBoundedFile` does, without reading. */
export function checkFile(path: string, bytesMax: number): void {
  const found = statSync(path);
  if (found.isDirectory()) throw new FileRefused('EISDIR');
  if (!found.isFile()) throw new FileRefused('ENOTFILE');
  if (found.size > bytesMax) throw new FileRefused('EFBIG');
}
