import type { Ledger, ProviderCode } from '../../domain/vocabulary.ts';
import type { BalanceRepository } from '../../ports/provider.ts';
import { attemptsMax, type Route } from '../../ports/upstream.ts';
import { type AccountGroup, ownersOf } from './account-group.ts';
import { LeastCalls } from './least-calls.ts';
import { PlannedStep, type RowSource, type StepCalls } from './planned-step.ts';
import { chooseRowRoutes, type RowsRead } from './row-routes.ts';

/** Where an operation needs calls. */
export interface CallSite {
  /** Response path, such as `accounts.nodes.balances`. */
  readonly path: string;
  /** Steps that must end first. */
  readonly after: readonly PlannedStep[];
  /** Whether the calls are certain, if lists are as long as requested. */
  readonly isCertain: boolean;
}

/** Calls that a field needs: the same read for each account of a group. */
export interface CallsNeeded {
  readonly accounts: AccountGroup;
  readonly ledger: Ledger | null;
  readonly route: Route;
  /** Distinguishes this read from others of the same route and account; '' when nothing does. */
  readonly read?: string;
  /** Rows of the page, where pages of different lengths may be one call or several. */
  readonly rows?: number;
  /** Calls for each account, such as one for each of several pages; default 1. */
  readonly callsEach?: number;
  /** How many of these are certain, if lists are as long as requested; default all of them. */
  readonly leastEach?: number;
  /** Most calls for each account, not counting retries; null when only MAX_UPSTREAM_CALLS_PER_OPERATION bounds them. */
  readonly mostEach: number | null;
  readonly because: string;
}

/** Calls of one kind, and what they wait for. */
export interface PlannedCalls extends StepCalls {
  readonly id: string;
  /** Ids of the steps that must end first. */
  readonly after: readonly string[];
}

/** All calls an operation will make when nothing is cached. */
export interface OperationCalls {
  /** Steps that wait for nothing come first. */
  readonly steps: readonly PlannedCalls[];
  /** Calls of all steps. */
  readonly calls: number;
  /** Most calls, including retries; null when nothing bounds them. */
  readonly callsMost: number | null;
}

/** Collects the calls of an operation. A read needed in several places is made once. */
export class CallPlan {
  private readonly steps = new Map<string, PlannedStep>();
  private readonly least = new LeastCalls();

  add(wanted: CallsNeeded, site: CallSite): PlannedStep {
    const { accounts, ledger, route, read = '', rows, callsEach = 1, leastEach = callsEach } = wanted;
    const kind = kindOf(ledger, route, read);
    for (let callNumber = 1; site.isCertain && callNumber <= leastEach; callNumber += 1) {
      this.least.add(`${kind} ${callNumber}`, accounts, ledger);
    }
    const step = this.step(accounts.provider.code, rows === undefined ? kind : `${kind} of ${rows}`, site);
    for (const owner of ownersOf(accounts)) {
      step.wantCalls(owner, { ...wanted, callsEach, provider: accounts.provider.code });
    }
    return step;
  }

  /** Adds balances of accounts by currency; null means all of them. */
  addBalances(
    accounts: AccountGroup,
    { ledger, listRoute, oneRoute }: BalanceRepository,
    currencies: readonly string[] | null,
    site: CallSite,
  ): PlannedStep {
    return this.addRows(accounts, { noun: 'balance', ledger, listRoute, oneRoute }, currencies, site);
  }

  /** Adds rows of each account's list by key; null means all of them. */
  addRows(
    accounts: AccountGroup,
    source: RowSource,
    keys: readonly string[] | null,
    site: CallSite,
  ): PlannedStep {
    const kind = kindOf(source.ledger, source.listRoute, '');
    if (site.isCertain) this.least.add(`${kind} 1`, accounts, source.ledger);
    const step = this.step(accounts.provider.code, kind, site);
    for (const owner of ownersOf(accounts)) {
      step.wantRows(owner, accounts.provider.code, source, keys, site.path);
    }
    return step;
  }

  /** Adds reads that rows need for certain, whose calls were passed to `add` with `leastEach: 0`. */
  addRowsAtLeast(rowCount: number): void {
    this.least.addRows(rowCount);
  }

  /** The operation makes at least this many calls, if its lists are as long as requested. */
  get callsLeast(): number {
    return this.least.total;
  }

  /** Orders the steps and chooses their routes. Call it once, after everything has been added. */
  finish(): OperationCalls {
    const ordered = [...this.steps.values()].sort((a, b) => a.wave - b.wave);
    const madeBefore = new Map<string, number>();
    const rowsBefore = new Map<string, RowsRead>();
    const steps: PlannedCalls[] = [];
    let callsMost: number | null = 0;
    for (const step of ordered) {
      const parts = [...step.callsBeyond(madeBefore), ...chooseRowRoutes(step, rowsBefore)];
      const after = [...new Set([...step.after].flatMap((earlier) => earlier.ids))];
      for (const { callsMost: mostOfPart, ...part } of parts) {
        const id = String(steps.length + 1);
        steps.push({ ...part, id, after });
        step.ids.push(id);
        callsMost = callsMost === null || mostOfPart === null ? null : callsMost + attemptsMax * mostOfPart;
      }
      // All its reads were made earlier: later steps wait for what it waits for.
      if (step.ids.length === 0) step.ids.push(...after);
    }
    const calls = steps.reduce((sum, step) => sum + step.calls, 0);
    return { steps, calls, callsMost };
  }

  private step(provider: ProviderCode, kind: string, { path, after }: CallSite): PlannedStep {
    const wave = Math.max(0, ...after.map((step) => step.wave + 1));
    const key = `${provider} ${kind} ${wave}`;
    const step = this.steps.get(key) ?? new PlannedStep(`${provider} ${kind}`, wave);
    this.steps.set(key, step);
    step.serves.add(path);
    for (const earlier of after) step.after.add(earlier);
    return step;
  }
}

function kindOf(ledger: Ledger | null, { method, path }: Route, read: string): string {
  return `${ledger} ${method} ${path} ${read}`;
}
