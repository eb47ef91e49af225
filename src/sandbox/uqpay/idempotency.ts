import type { Answer } from '../shared/answers.ts';

const lifetimeMs = 24 * 3600 * 1000;
const bytesMax = 64 * 1024 * 1024;

interface Kept {
  /** What the key was first used for: method, path, query, account and body. */
  readonly request: string;
  readonly answer: Answer;
  readonly keptUntilMs: number;
}

const uuidV4Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Documents and one SDK require a UUID v4 (reference section 2.2). */
export function isIdempotencyKey(text: string): boolean {
  return uuidV4Pattern.test(text);
}

/**
 * First answers by idempotency key, kept for 24 hours (reference section 2.2). Limited to 64 MiB of text: above that
 * the oldest are dropped, so that a benchmark does not fill the memory.
 */
export class IdempotencyStore {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  /** The first answer; `mismatch` if the key was used for another request; null if it is new. */
  recall(key: string, request: string, nowMs: number): Answer | 'mismatch' | null {
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    if (nowMs >= kept.keptUntilMs) {
      this.#drop(key, kept);
      return null;
    }
    return kept.request === request ? kept.answer : 'mismatch';
  }

  keep(key: string, request: string, answer: Answer, nowMs: number): void {
    this.#kept.set(key, { request, answer, keptUntilMs: nowMs + lifetimeMs });
    this.#bytes += sizeOf(request, answer);
    for (const [oldKey, old] of this.#kept) {
      if (this.#bytes <= bytesMax && nowMs < old.keptUntilMs) break;
      this.#drop(oldKey, old);
    }
  }

  #drop(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#bytes -= sizeOf(kept.request, kept.answer);
  }
}

function sizeOf(request: string, answer: Answer): number {
  return request.length + answer.body.length;
}
