/** One received request. */
export interface LoggedCall {
  readonly method: string;
  readonly path: string;
  /** Decoded, sorted by name. */
  readonly query: Readonly<Record<string, string>>;
  /** The status of the answer; null while the call is in progress, and forever if its connection was destroyed. */
  readonly status: number | null;
  /** Epoch milliseconds of the sandbox's clock. */
  readonly at: number;
}

const keptMax = 100_000;

/** The newest 100,000 requests, oldest first. */
export class CallLog<Call extends LoggedCall> {
  #calls: Call[] = [];
  #count = 0;

  /** All requests since the last reset, including those no longer kept. */
  get count(): number {
    return this.#count;
  }

  /** Logs a call; returns the function that records its status. */
  open(call: Omit<Call, 'status'>): (status: number) => void {
    const entry = { ...call, status: null as number | null };
    this.#calls.push(entry as unknown as Call);
    this.#count += 1;
    if (this.#calls.length > keptMax * 1.5) this.#calls = this.#calls.slice(-keptMax);
    return (status) => {
      entry.status = status;
    };
  }

  list(): Call[] {
    return this.#calls.slice(-keptMax).map((call) => ({ ...call }));
  }

  reset(): void {
    this.#calls = [];
    this.#count = 0;
  }
}

/** Parameters by name, sorted; of a repeated one the last value. */
export function sortedQuery(query: URLSearchParams): Record<string, string> {
  const sorted = new URLSearchParams(query);
  sorted.sort();
  return Object.fromEntries(sorted);
}
