import type { CancelSignal } from '../domain/cancellation.ts';

/** A slot in which one operation may run. */
export interface OperationSlot {
  /**
   * Called once the cost of the operation is known: an expensive operation takes several units. Returns undefined when
   * it may continue at once; else a promise that resolves when enough units are free and rejects as `Admission.enter`
   * does.
   */
  weigh(cost: number): Promise<void> | undefined;
  /** Frees the slot: the response is ready, or the operation was abandoned. Later calls do nothing. */
  release(): void;
}

/** Limits the work in progress, in total and per caller. `callerKey` identifies the caller. */
export interface Admission {
  /**
   * Gives a slot for one operation of this caller: at once, or after a wait in a queue that is fair between callers.
   * Rejects with `Failure` RATE_LIMITED when too many operations of this caller wait, OVERLOADED when no slot is free
   * in time, and with the signal's failure when it aborts during the wait.
   */
  enter(callerKey: string, signal: CancelSignal): OperationSlot | Promise<OperationSlot>;
  /** Whether the caller has read enough of its earlier responses to start another one. */
  mayAnswer(callerKey: string): boolean;
  /** Counts the bytes of a response as unread by the caller until the returned function is called, once. */
  holdAnswer(callerKey: string, byteCount: number): () => void;
  /**
   * Counts the bytes of a request body as held until the returned function is called, once; null when there is no room.
   */
  holdBody(callerKey: string, byteCount: number): (() => void) | null;
  report(): AdmissionReport;
}

/** How much work is in progress. */
export interface AdmissionReport {
  readonly operations: {
    readonly running: number;
    /** Units in use, of `unitsMax`: an expensive operation takes several. */
    readonly units: number;
    /** Units that may be in use now: fewer than configured while memory is short. */
    readonly unitsMax: number;
    readonly waiting: number;
  };
  /** Bytes of responses that their callers have not read yet. */
  readonly answerBytes: number;
  /** Bytes of large request bodies that are being read or processed. */
  readonly bodyBytes: number;
  /** Used share of the memory limit, 0 to 1. */
  readonly memoryUsed: number;
  /** Requests refused so far. */
  readonly refused: Readonly<Record<AdmissionRefusal, number>>;
}

/**
 * Why a request was refused: `CALLER` too many operations of its caller wait, `QUEUE` too many wait in total, `WAIT` it
 * waited too long, `BODY` no room for its body.
 */
export const admissionRefusals = ['CALLER', 'QUEUE', 'WAIT', 'BODY'] as const;
export type AdmissionRefusal = (typeof admissionRefusals)[number];
