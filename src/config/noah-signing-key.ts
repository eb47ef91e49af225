import { createPrivateKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { readBoundedFile } from './read-file.ts';

/** Far more than a key's 300 bytes or so. */
const bytesMax = 65_536;

/** Curves of ES384 and ES256, which NOAH accepts (reference section 2.1). */
const curves: readonly string[] = ['secp384r1', 'prime256v1'];

/**
 * `NOAH_SIGNING_KEY`: an EC private key as PEM, with line breaks or `\n` instead of them, or `@` and the path of a PEM
 * file. Parsed to PEM. The messages repeat neither the key nor the path.
 */
export const noahSigningKey = z.string().transform((value, context) => {
  const read = value.startsWith('@') ? readPem(value.slice(1)) : { pem: value };
  const problem = 'problem' in read ? read.problem : keyProblem(toPem(read.pem));
  if ('pem' in read && problem === null) return toPem(read.pem);
  context.addIssue({ code: 'custom', message: problem ?? '' });
  return z.NEVER;
});

function toPem(text: string): string {
  return text.replaceAll('\\n', '\n').trim();
}

function readPem(path: string): { readonly pem: string } | { readonly problem: string } {
  try {
    return { pem: readBoundedFile(path, bytesMax) };
  } catch (error) {
    const reason =
      typeof error === 'object' && error !== null && 'code' in error ? ` (${String(error.code)})` : '';
    return { problem: `names a file that cannot be read${reason}` };
  }
}

function keyProblem(pem: string): string | null {
  const key = parseKey(pem);
  if (key === null) {
    return 'must be a private key in PEM form, not encrypted (line breaks may be written as \\n), or @ and the path of a file with one';
  }
  return curves.includes(key.asymmetricKeyDetails?.namedCurve ?? '')
    ? null
    : 'must be an EC key on the curve P-384 (or P-256)';
}

function parseKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    // The error is dropped, because its message may quote the key.
    return null;
  }
}
