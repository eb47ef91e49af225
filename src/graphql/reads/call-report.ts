import type { Ledger, ProviderCode } from '../../domain/vocabulary.ts';
import type { EndedAttempt, ObservedRead, ReadOrigin, ReadUse } from '../../ports/upstream.ts';

/** What actually happened at one route, with the same fields as a step of `explain`. */
export interface ReportedStep {
  readonly provider: ProviderCode;
  readonly ledger: Ledger | null;
  readonly method: string;
  readonly path: string;
  /** Calls made for this operation, including retries. */
  calls: number;
  /** Reads answered from the cache, including stale ones. */
  remembered: number;
  /** Each read, in the order of its first event. */
  readonly reads: ReportedRead[];
}

/** One read. */
export interface ReportedRead {
  /** Where its value came from; `FAILED` when there was none. */
  origin: ReadOrigin | 'FAILED';
  /** Calls made for it by this operation. */
  attempts: number;
  /** Total time these calls waited for the call budget. */
  waitedMs: number;
  /** Total time the provider took. */
  durationMs: number;
  /** HTTP status of the last reply; null when there was none. */
  status: number | null;
  /** Why the last call failed; null when it did not. */
  code: EndedAttempt['code'];
}

/** Reads of one route that the report lists one by one. */
const readsMax = 200;

/** Records what became of an operation's reads, by route. */
export class CallReport {
  private readonly steps = new Map<string, ReportedStep>();
  private readonly reads = new Map<ObservedRead['identity'], ReportedRead>();

  used({ read, origin }: ReadUse): void {
    const reported = this.reported(read);
    reported.origin = origin;
    if (origin === 'MEMORY' || origin === 'STALE') this.step(read).remembered += 1;
  }

  ended({ read, waitedMs, durationMs, status, code }: EndedAttempt): void {
    const reported = this.reported(read);
    reported.attempts += 1;
    reported.waitedMs += waitedMs;
    reported.durationMs += durationMs;
    reported.status = status;
    reported.code = code;
    this.step(read).calls += 1;
  }

  /** The steps, in the order of their first event. */
  toJson(): readonly ReportedStep[] {
    return [...this.steps.values()];
  }

  private step({ identity, ledger, route }: ObservedRead): ReportedStep {
    const { provider } = identity;
    const { method, path } = route;
    const key = `${provider} ${ledger} ${method} ${path}`;
    const step = this.steps.get(key) ?? {
      provider,
      ledger,
      method,
      path,
      calls: 0,
      remembered: 0,
      reads: [],
    };
    this.steps.set(key, step);
    return step;
  }

  private reported(read: ObservedRead): ReportedRead {
    const known = this.reads.get(read.identity);
    if (known !== undefined) return known;
    const reported: ReportedRead = {
      ...{ origin: 'FAILED', attempts: 0, waitedMs: 0, durationMs: 0 },
      ...{ status: null, code: null },
    };
    this.reads.set(read.identity, reported);
    const { reads } = this.step(read);
    if (reads.length < readsMax) reads.push(reported);
    return reported;
  }
}
