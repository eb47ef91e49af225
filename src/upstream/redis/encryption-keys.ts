import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Names and encrypts one credential's data in a Redis that others may read. */
export interface EncryptionKeys {
  /** The stored name for `text`: the same in every replica, revealing neither `text` nor the credential. */
  nameOf(text: string): string;
  /** Encrypts and authenticates `text`, bound to the name it is stored under (AES-256-GCM). */
  encrypt(name: string, text: string): string;
  /** Reverses `encrypt`; null for anything that was not encrypted with this credential under this name. */
  decrypt(name: string, encrypted: string): string | null;
}

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Derives the keys from a credential's digest. The digest is keyed with the API key (HMAC-SHA-256, 132 bits of it) and
 * is stored nowhere, so only holders of the credentials can derive these keys. The purpose texts are part of the stored
 * format.
 */
export function createEncryptionKeys(credential: string): EncryptionKeys {
  const keyFor = (purpose: string) => new Uint8Array(hkdfSync('sha256', credential, '', purpose, keyBytes));
  const nameKey = keyFor('balances-gateway fleet name v1');
  const encryptionKey = keyFor('balances-gateway fleet seal v1');
  return {
    nameOf: (text) => createHmac('sha256', nameKey).update(text).digest('base64url'),
    encrypt(name, text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', encryptionKey, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    decrypt(name, encrypted) {
      const bytes = Buffer.from(encrypted, 'base64');
      if (bytes.length < nonceBytes + tagBytes) return null;
      const decipher = createDecipheriv('aes-256-gcm', encryptionKey, bytes.subarray(0, nonceBytes))
        .setAAD(Buffer.from(name))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        const body = decipher.update(bytes.subarray(nonceBytes + tagBytes));
        return Buffer.concat([body, decipher.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}

/** The keys of each credential, derived once; bounded by the number of configured credentials. */
export function createKeyRing(): (credential: string) => EncryptionKeys {
  const byCredential = new Map<string, EncryptionKeys>();
  return (credential) => {
    const known = byCredential.get(credential);
    if (known !== undefined) return known;
    const keys = createEncryptionKeys(credential);
    byCredential.set(credential, keys);
    return keys;
  };
}
