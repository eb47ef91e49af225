/** One received request. */
export interface LoggedCall {
  readonly method: string;
  readonly path: string;
  /** Decoded, names in order. */
  readonly query: Readonly<Record<string, string>>;
  /** The status answered; null while under way, and for good when the connection was destroyed. */
  readonly status: number | null;
  /** Epoch milliseconds of the sandbox's clock. */
  readonly at: number;
}

const keptMax = 100_000;

/** The newest 100,000 requests, oldest first. */
export class CallLog<Call extends LoggedCall> {
  #calls: Call[] = [];
  #count = 0;

  /** All requests since the last reset, also those no longer kept. */
  get count(): number {
    return this.#count;
  }

  /** Answers the function that notes the status. */
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

/** Parameters by name, names in order; of a repeated one the last. */
export function sortedQuery(query: URLSearchParams): Record<string, string> {
  const sorted = new URLSearchParams(query);
  sorted.sort();
  return Object.fromEntries(sorted);
}
