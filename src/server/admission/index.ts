import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure } from '../../domain/failure.ts';
import { createFairQueue } from '../../domain/fair-queue.ts';
import type { Admission, AdmissionRefusal, AdmissionReport, OperationSlot } from '../../ports/admission.ts';
import { createByteShares } from './byte-shares.ts';
import { createMemoryGuard, type MemoryGuard } from './memory-guard.ts';
import { createOperationUnits } from './operation-units.ts';

export interface AdmissionOptions {
  /** The most operations that run at the same time, for all callers together. */
  readonly operationsMax: number;
  readonly memory?: MemoryGuard;
  readonly limits?: Partial<AdmissionLimits>;
}

/** Bounds that are not configurable. */
export interface AdmissionLimits {
  /** Cost covered by one unit; an operation takes one unit for each such amount (docs/security.md explains cost). */
  readonly costPerUnit: number;
  /**
   * The most operations that wait, for all callers together. One caller may have no more waiting than there is room
   * left.
   */
  readonly waitingMax: number;
  /** The longest time an operation waits. */
  readonly waitMaxMs: number;
  /**
   * Bytes of answers that callers have not read. A caller that holds more than is left for others cannot start anything
   * new.
   */
  readonly answerBytesMax: number;
  /** Bytes of large request bodies, together. */
  readonly bodyBytesMax: number;
  /** Share of memory in use from which fewer operations run, and the share at which only the minimum runs. */
  readonly memoryShortFrom: number;
  readonly memoryShortMost: number;
}

const admissionLimits: AdmissionLimits = {
  costPerUnit: 250,
  waitingMax: 1_000,
  waitMaxMs: 5_000,
  answerBytesMax: 16_777_216,
  bodyBytesMax: 16_777_216,
  memoryShortFrom: 0.7,
  memoryShortMost: 0.9,
};

/** Seconds after which a refused caller may try again. */
const retryAfterSeconds = 2;
/** Operations that run even when memory is short, because finishing them frees memory. */
const unitsMin = 2;

interface Waiting {
  /** Units that it takes when it is admitted. */
  readonly units: number;
  letIn(): void;
}

/** Bounds the work in progress; see `Admission`. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { operationsMax, memory = createMemoryGuard() } = options;
  const limits: AdmissionLimits = { ...admissionLimits, ...options.limits };
  const { costPerUnit, waitingMax, waitMaxMs } = limits;
  const running = createOperationUnits(unitsMax);
  const queue = createFairQueue<Waiting>();
  const answers = createByteShares(limits.answerBytesMax);
  const bodies = createByteShares(limits.bodyBytesMax);
  const refused: Record<AdmissionRefusal, number> = { CALLER: 0, QUEUE: 0, WAIT: 0, BODY: 0 };
  let runningCount = 0;

  function unitsMax(): number {
    const { memoryShortFrom: from, memoryShortMost: most } = limits;
    const left = (most - memory.used()) / (most - from);
    return left >= 1
      ? operationsMax
      : Math.max(Math.min(unitsMin, operationsMax), Math.floor(operationsMax * left));
  }

  function mayTake(callerKey: string, units: number): boolean {
    return running.mayTake(callerKey, units) && answers.hasRoom(callerKey, 0);
  }

  /** Admits waiting operations in fair order while there is room. */
  function serve(): void {
    while (queue.size > 0) {
      const next = queue.take((callerKey, { units }) => mayTake(callerKey, units));
      if (next === undefined) return;
      next.letIn();
    }
  }

  let isServeDue = false;
  /**
   * Admits waiting operations in a separate turn of the event loop. An operation that is refused or answered from the
   * cache ends in the turn in which it was admitted; if its slot were passed on at once, everything that waits would run
   * before any other event.
   */
  function serveNextTick(): void {
    if (isServeDue || queue.size === 0) return;
    isServeDue = true;
    setImmediate(() => {
      isServeDue = false;
      serve();
    });
  }

  function refuse(reason: AdmissionRefusal): Failure {
    refused[reason] += 1;
    const details = { retryable: true, retryAfterSeconds };
    if (reason === 'CALLER') {
      return new Failure(
        'RATE_LIMITED',
        `Too many of your operations run or wait. Try again in ${retryAfterSeconds} s, or for less at once.`,
        details,
      );
    }
    return new Failure(
      'OVERLOADED',
      `The gateway is overloaded. Try again in ${retryAfterSeconds} s.`,
      details,
    );
  }

  /** Waits until the operation is admitted; `isFirst` puts it before the caller's other waiting operations. */
  function wait(callerKey: string, units: number, signal: CancelSignal, isFirst: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const giveUp = (error: unknown) => {
        queue.remove(callerKey, waiting);
        end();
        reject(error);
      };
      const onAbort = () => giveUp(signal.reason);
      const timer = setTimeout(() => giveUp(refuse('WAIT')), waitMaxMs);
      const waiting: Waiting = {
        units,
        letIn() {
          end();
          running.take(callerKey, units);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort);
      if (!isFirst) return queue.add(callerKey, waiting);
      queue.addFirst(callerKey, waiting);
      // The operation has just released its slot, and may have been the only one running.
      serveNextTick();
    });
  }

  function toSlot(callerKey: string, signal: CancelSignal): OperationSlot {
    let units = 1;
    runningCount += 1;
    return {
      weigh(cost) {
        const wanted = Math.min(Math.ceil(cost / costPerUnit), Math.ceil(operationsMax / 2));
        if (wanted <= units) return undefined;
        running.giveBack(callerKey, units);
        if (running.mayTake(callerKey, wanted)) {
          running.take(callerKey, wanted);
          units = wanted;
          return undefined;
        }
        units = 0;
        runningCount -= 1;
        return wait(callerKey, wanted, signal, true).then(() => {
          units = wanted;
          runningCount += 1;
        });
      },
      release() {
        if (units === 0) return;
        running.giveBack(callerKey, units);
        units = 0;
        runningCount -= 1;
        serveNextTick();
      },
    };
  }

  return {
    enter(callerKey, signal) {
      if (signal.aborted) throw signal.reason;
      // Does not overtake waiting operations, except those held back by their own caller's running ones.
      if (!isServeDue && queue.sizeOf(callerKey) === 0 && mayTake(callerKey, 1)) {
        running.take(callerKey, 1);
        return toSlot(callerKey, signal);
      }
      if (queue.size >= waitingMax) throw refuse('QUEUE');
      if (queue.sizeOf(callerKey) >= waitingMax - queue.size) throw refuse('CALLER');
      return wait(callerKey, 1, signal, false).then(() => toSlot(callerKey, signal));
    },
    holdAnswer(callerKey, byteCount) {
      const release = answers.hold(callerKey, byteCount);
      return () => {
        release();
        serveNextTick();
      };
    },
    holdBody(callerKey, byteCount) {
      if (bodies.hasRoom(callerKey, byteCount)) return bodies.hold(callerKey, byteCount);
      refused.BODY += 1;
      return null;
    },
    mayAnswer: (callerKey) => answers.hasRoom(callerKey, 0),
    report: (): AdmissionReport => ({
      operations: { running: runningCount, units: running.units, unitsMax: unitsMax(), waiting: queue.size },
      answerBytes: answers.heldBytes,
      bodyBytes: bodies.heldBytes,
      memoryUsed: memory.used(),
      refused: { ...refused },
    }),
  };
}
