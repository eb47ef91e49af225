import type { Caller } from '../domain/caller.ts';
import type { OperationFacts } from './request-telemetry.ts';

/** One read as an answer used it. */
export interface UsedRead {
  /** The read's key, and that of the read it is part of; null for none. */
  readonly key: string;
  readonly wholeKey: string | null;
  /** When the provider was asked, epoch milliseconds. */
  readonly asOfMs: number;
  /** Until when the value may be shown again without asking, epoch milliseconds. */
  readonly freshUntilMs: number;
}

/** All that a whole answer was made of. As long as memory gives these reads, the same question has the same answer. */
export interface ResponseBasis {
  /** At least one. */
  readonly reads: readonly UsedRead[];
}

/** What an answer may depend on, beside the reads behind it. */
export interface Question {
  readonly caller: Caller;
  /** What the answer is to be written as. */
  readonly contentType: string;
  /** The request's body as it was sent. */
  readonly body: string;
}

/** An answer over HTTP. */
export interface CachedResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What is written down of the request it answered; null for nothing. */
  readonly operation: OperationFacts | null;
}

/** Whole answers that may be given again. */
export interface ResponseCache {
  /** The answer that this caller would get to this question now, where it is known without making it. */
  find(question: Question): CachedResponse | null;
  /** Keeps an answer for as long as its basis holds and there is room. */
  keep(question: Question, answer: CachedResponse, basis: ResponseBasis): void;
}

/** Says what memory would give. */
export interface CachedReadCheck {
  /**
   * Whether this very read is what memory gives now to somebody who is content with the configured ages: not too old,
   * not forgotten, and no newer one in its place.
   */
  stillGives(read: UsedRead): boolean;
}
