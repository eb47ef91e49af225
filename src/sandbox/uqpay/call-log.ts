/** One received request, token calls included. */
export interface UqpayCall {
  readonly method: string;
  /** Below the API base: `/v1/balances`. */
  readonly path: string;
  /** Decoded, sorted by name. */
  readonly query: Readonly<Record<string, string>>;
  /** The header as received; null when absent. */
  readonly onBehalfOf: string | null;
  readonly idempotencyKey: string | null;
  /** A short hash of the token, never the token; null when there was none. */
  readonly token: string | null;
  /** The status of the answer; null while the call is in progress, and forever if its connection was destroyed. */
  readonly status: number | null;
  /** Epoch milliseconds of the sandbox's clock. */
  readonly at: number;
}

const keptMax = 100_000;

/** The newest 100,000 requests, oldest first. */
export class CallLog {
  #calls: Writable<UqpayCall>[] = [];
  #count = 0;

  /** All requests since the last reset, including those no longer kept. */
  get count(): number {
    return this.#count;
  }

  /** Logs a call; returns the function that records its status. */
  open(call: Omit<UqpayCall, 'status'>): (status: number) => void {
    const entry: Writable<UqpayCall> = { ...call, status: null };
    this.#calls.push(entry);
    this.#count += 1;
    if (this.#calls.length > keptMax * 1.5) this.#calls = this.#calls.slice(-keptMax);
    return (status) => {
      entry.status = status;
    };
  }

  list(): UqpayCall[] {
    return this.#calls.slice(-keptMax).map((call) => ({ ...call }));
  }

  reset(): void {
    this.#calls = [];
    this.#count = 0;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
