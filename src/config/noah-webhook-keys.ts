import { createPublicKey } from 'node:crypto';
import * as z from 'zod';
import { readBoundedFile } from './read-file.ts';

const bytesMax = 65_536;
const remedy =
  'must be one or several EC public keys in PEM form, one after another (line breaks may be written as \\n), or @ and the path of a file with them';

/** `NOAH_WEBHOOK_PUBLIC_KEY`, parsed to one PEM text for each key. */
export const noahWebhookKeys = z.string().transform((value, context) => {
  const keys = readKeys(value);
  if (keys !== null) return keys;
  context.addIssue({ code: 'custom', message: remedy });
  return z.NEVER;
});

function readKeys(value: string): readonly string[] | null {
  try {
    const given = value.startsWith('@') ? readBoundedFile(value.slice(1), bytesMax) : value;
    const pems = given
      .replaceAll('\\n', '\n')
      .match(/-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/g);
    if (pems === null) return null;
    return pems.every((pem) => createPublicKey(pem).asymmetricKeyType === 'ec') ? pems : null;
  } catch {
    return null;
  }
}
