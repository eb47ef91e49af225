import { Failure } from '../domain/failure.ts';
import type { CallMeter } from '../ports/upstream.ts';

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
      throw new Failure(
        'CALLS_EXCEEDED',
        `The operation needs upstream call number ${calls}; MAX_UPSTREAM_CALLS_PER_OPERATION allows ${this.#callsMax}. Ask for fewer rows, accounts or ledgers at once.`,
      );
    }
    this.#calls = calls;
  }
}
