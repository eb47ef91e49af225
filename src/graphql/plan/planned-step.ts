import type { Ledger, ProviderCode } from '../../domain/vocabulary.ts';
import type { Route } from '../../ports/upstream.ts';
import type { ReadOwner } from './account-group.ts';

/** Calls of one route. */
export interface StepCalls {
  readonly provider: ProviderCode;
  readonly ledger: Ledger | null;
  readonly route: Route;
  /** Number of accounts, or of rows with a read of their own, that the calls are made for. */
  readonly accountCount: number;
  readonly calls: number;
  /** Response paths they serve, without indices. */
  readonly serves: readonly string[];
  readonly because: string;
}

/** Calls with their upper bound, not counting retries; null when nothing bounds them. */
export type BoundedCalls = StepCalls & { readonly callsMost: number | null };

interface OwnerCalls extends Pick<StepCalls, 'provider' | 'ledger' | 'route' | 'because'> {
  readonly callsEach: number;
  readonly mostEach: number | null;
}

/** A list of rows, some of which may also have a route for a single row. */
export interface RowSource {
  readonly noun: 'balance' | 'account';
  readonly ledger: Ledger | null;
  readonly listRoute: Route;
  readonly oneRoute?: Route | undefined;
  /** Rows are read one by one when fewer than this are needed at the same time; default 2. */
  readonly singlyBelow?: number;
  /** True for the provider's list of accounts; otherwise each account has such a list. */
  readonly isOfProvider?: boolean;
}

/** The rows of one owner that are needed. */
export interface OwnerRows {
  readonly count: number;
  readonly provider: ProviderCode;
  readonly source: RowSource;
  /** Whether all rows are needed. */
  readonly isWhole: boolean;
  readonly keys: ReadonlySet<string>;
  /** Response paths. */
  readonly serves: ReadonlySet<string>;
}

/** The same while an operation is being planned. */
interface GrowingRows extends OwnerRows {
  count: number;
  isWhole: boolean;
  readonly keys: Set<string>;
  readonly serves: Set<string>;
}

/** Calls of one kind that are needed at the same time, while an operation is being planned. */
export class PlannedStep {
  readonly kind: string;
  /** Length of the longest chain of steps that must end before this one can begin. */
  readonly wave: number;
  readonly after = new Set<PlannedStep>();
  readonly serves = new Set<string>();
  /** Ids of the planned calls that this step became. */
  readonly ids: string[] = [];
  private readonly rowsOfOwners = new Map<string, GrowingRows>();
  private readonly owners = new Map<string, { count: number; calls: OwnerCalls }>();

  constructor(kind: string, wave: number) {
    this.kind = kind;
    this.wave = wave;
  }

  wantCalls({ key, count }: ReadOwner, calls: OwnerCalls): void {
    const known = this.owners.get(key);
    if (known === undefined) this.owners.set(key, { count, calls });
    else {
      known.count = Math.max(known.count, count);
      if (known.calls.callsEach < calls.callsEach) known.calls = calls;
    }
  }

  /** Adds rows of an owner by key; null means all of them. */
  wantRows(
    { key, count }: ReadOwner,
    provider: ProviderCode,
    source: RowSource,
    keys: readonly string[] | null,
    path: string,
  ): void {
    const none = {
      provider,
      source,
      count: 0,
      isWhole: false,
      keys: new Set<string>(),
      serves: new Set<string>(),
    };
    const rows = this.rowsOfOwners.get(key) ?? none;
    this.rowsOfOwners.set(key, rows);
    rows.count = Math.max(rows.count, count);
    if (keys === null) rows.isWhole = true;
    for (const rowKey of keys ?? []) rows.keys.add(rowKey);
    rows.serves.add(path);
  }

  /** The rows that each owner needs. */
  get rows(): ReadonlyMap<string, OwnerRows> {
    return this.rowsOfOwners;
  }

  /** Returns its calls except those that earlier steps make, and adds them to `madeBefore`. */
  callsBeyond(madeBefore: Map<string, number>): readonly BoundedCalls[] {
    let calls = 0;
    let callsMost: number | null = 0;
    let accountCount = 0;
    let first: OwnerCalls | null = null;
    for (const [key, { count, calls: wanted }] of this.owners) {
      const made = madeBefore.get(`${this.kind} ${key}`) ?? 0;
      if (wanted.callsEach <= made) continue;
      madeBefore.set(`${this.kind} ${key}`, wanted.callsEach);
      calls += count * (wanted.callsEach - made);
      accountCount += count;
      callsMost = callsMost === null || wanted.mostEach === null ? null : callsMost + count * wanted.mostEach;
      first ??= wanted;
    }
    if (first === null) return [];
    const { provider, ledger, route, because } = first;
    return [{ provider, ledger, route, because, calls, callsMost, accountCount, serves: [...this.serves] }];
  }
}
