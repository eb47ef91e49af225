import { Failure } from '../../domain/failure.ts';
import type { CallMeter } from '../../ports/upstream.ts';

/** Creates CALLS_EXCEEDED; `found` begins its message. */
export function callsExceeded(found: string, value: number, maximum: number): Failure {
  return new Failure(
    'CALLS_EXCEEDED',
    `${found}; MAX_UPSTREAM_CALLS_PER_OPERATION allows ${maximum}. Ask for fewer rows, accounts or ledgers at once.`,
    { limit: { measure: 'calls', maximum, value } },
  );
}

/**
 * Counts an operation's upstream calls up to `callsMax`. Each call is counted before it is made: counting one too many
 * throws CALLS_EXCEEDED, so that call is never made.
 */
export class CappedCallMeter implements CallMeter {
  readonly #callsMax: number;
  #calls = 0;

  constructor(callsMax: number) {
    this.#callsMax = callsMax;
  }

  get calls(): number {
    return this.#calls;
  }

  set calls(calls: number) {
    if (calls > this.#callsMax) {
      throw callsExceeded(`The operation needs upstream call number ${calls}`, calls, this.#callsMax);
    }
    this.#calls = calls;
  }
}
