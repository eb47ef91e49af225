import { createHmac, timingSafeEqual } from 'node:crypto';

const stepMs = 30_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Decodes base32 (RFC 4648); ignores padding, blanks and case. Throws RangeError for other characters. */
export function decodeBase32(text: string): Buffer {
  const letters = text.toUpperCase().replace(/[\s=]/g, '');
  const bytes: number[] = [];
  let bits = 0;
  let bitCount = 0;
  for (const letter of letters) {
    const value = alphabet.indexOf(letter);
    if (value === -1) throw new RangeError('totpSecret: not base32 (A to Z, 2 to 7)');
    bits = ((bits << 5) | value) & 0xfff;
    bitCount += 5;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes.push((bits >> bitCount) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

/** The six digits of a 30-second step (RFC 6238 with SHA-1; reference section 2.2). */
export function codeOfStep(key: Buffer, step: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', key).update(message).digest();
  const offset = (digest[19] ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Checks one-time codes of one secret. */
export class CodeChecker {
  readonly #key: Buffer;
  /** The newest step whose code was accepted. */
  #usedStep = -1;

  constructor(secret: string) {
    this.#key = decodeBase32(secret);
  }

  /** The code that is valid at `nowMs`. */
  codeAt(nowMs: number): string {
    return codeOfStep(this.#key, Math.floor(nowMs / stepMs));
  }

  /** Whether `code` is valid now; with `singleUse`, never for a step at or before one that was used. */
  take(code: string, nowMs: number, stepsBackMax: number, singleUse: boolean): boolean {
    const step = Math.floor(nowMs / stepMs);
    for (let back = 0; back <= stepsBackMax; back += 1) {
      if (!isSame(code, codeOfStep(this.#key, step - back))) continue;
      if (singleUse && step - back <= this.#usedStep) return false;
      this.#usedStep = Math.max(this.#usedStep, step - back);
      return true;
    }
    return false;
  }
}

function isSame(code: string, expected: string): boolean {
  return code.length === expected.length && timingSafeEqual(Buffer.from(code), Buffer.from(expected));
}
