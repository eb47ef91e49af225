import { Failure } from '../domain/failure.ts';
import type { CallMeter } from '../ports/upstream.ts';

/** CALLS_EXCEEDED; `found` begins the sentence. */
export function callsExceeded(found: string, value: number, maximum: number): Failure {
  return new Failure(
    'CALLS_EXCEEDED',
    `${found}; MAX_UPSTREAM_CALLS_PER_OPERATION allows ${maximum}. Ask for fewer rows, accounts or ledgers at once.`,
    { limit: { measure: 'calls', maximum, value } },
  );
}

/**
 * Counts an operation's upstream calls and lets it have `callsMax`: counting one more throws CALLS_EXCEEDED, so
 * that the call is never made. Whoever makes calls counts each before making it.
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
