import type { CancelSignal } from '../domain/cancellation.ts';

/** Leave to work on one operation. */
export interface OperationPlace {
  /**
   * Called when it is known what the operation costs: a dear one counts as several. Undefined: it may go on at once;
   * else that resolves when its turn comes, and rejects like `Admission.enter`.
   */
  weigh(cost: number): Promise<void> | undefined;
  /** The answer is made, or given up. Calling it again changes nothing. */
  leave(): void;
}

/** Bounds the work in progress, of all callers and of each. Callers are told apart by `callerKey`. */
export interface Admission {
  /**
   * Leave to work on an operation of this caller: at once, or waited for, callers in turn. Rejects with `Failure`
   * RATE_LIMITED when too many of the caller's own operations wait, OVERLOADED when there is no leave in time, and with
   * the signal's failure when it aborts while waiting.
   */
  enter(callerKey: string, signal: CancelSignal): OperationPlace | Promise<OperationPlace>;
  /** Whether the caller has read enough of its answers to be given another one. */
  mayAnswer(callerKey: string): boolean;
  /** Counts the bytes of an answer as not read by the caller until the function it gives is called, once. */
  holdAnswer(callerKey: string, byteCount: number): () => void;
  /** Counts a request's body as being read until the function it gives is called, once; null: there is no room. */
  holdBody(callerKey: string, byteCount: number): (() => void) | null;
  report(): AdmissionReport;
}

/** How much work is in progress. */
export interface AdmissionReport {
  readonly operations: {
    readonly running: number;
    /** As they count against `unitsMax`: a dear one counts as several. */
    readonly units: number;
    /** How many may run now: fewer than configured while memory is short. */
    readonly unitsMax: number;
    readonly waiting: number;
  };
  /** Answers that their callers have not read. */
  readonly answerBytes: number;
  /** Large bodies of requests that are being read or worked on. */
  readonly bodyBytes: number;
  /** Share of the memory that may be used which is, 0 to 1. */
  readonly memoryUsed: number;
  /** Requests refused so far. */
  readonly refused: Readonly<Record<AdmissionRefusal, number>>;
}

/** Why a request was not let in: its caller has too many waiting, all have, it waited too long, its body found no room. */
export const admissionRefusals = ['CALLER', 'QUEUE', 'WAIT', 'BODY'] as const;
export type AdmissionRefusal = (typeof admissionRefusals)[number];
