import type { Ledger, ProviderCode } from '../../domain/vocabulary.ts';
import type { BalanceRepository } from '../../ports/provider.ts';
import type { Route } from '../../ports/upstream.ts';
import type { ReadOwner } from './account-group.ts';

/** Calls of one route. */
export interface StepCalls {
  readonly provider: ProviderCode;
  readonly ledger: Ledger | null;
  readonly route: Route;
  /** Accounts, or rows of which each has a read of its own, that they are made for. */
  readonly accountCount: number;
  readonly calls: number;
  /** Response paths they serve, without indices. */
  readonly serves: readonly string[];
  readonly because: string;
}

/** With the most calls they can come to, repeats of failed ones left out; null where nothing bounds them. */
export type BoundedCalls = StepCalls & { readonly callsMost: number | null };

interface OwnerCalls extends Pick<StepCalls, 'provider' | 'ledger' | 'route' | 'because'> {
  readonly callsEach: number;
  readonly mostEach: number | null;
}

/** What is wanted of the balances of one ledger of an account. */
export interface OwnerBalances {
  readonly count: number;
  readonly provider: ProviderCode;
  readonly repository: BalanceRepository;
  /** Whether all are wanted. */
  readonly isWhole: boolean;
  readonly currencies: ReadonlySet<string>;
  /** Response paths. */
  readonly serves: ReadonlySet<string>;
}

/** Calls of one kind that are wanted at one time, while an operation is being planned. */
export class PlannedStep {
  readonly kind: string;
  /** Steps that have to end one after the other before it can begin. */
  readonly wave: number;
  readonly after = new Set<PlannedStep>();
  readonly serves = new Set<string>();
  /** Ids of the calls that became of it. */
  readonly ids: string[] = [];
  readonly balances = new Map<string, OwnerBalances>();
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

  wantBalances(
    { key, count }: ReadOwner,
    provider: ProviderCode,
    repository: BalanceRepository,
    currencies: readonly string[] | null,
    path: string,
  ): void {
    const known = this.balances.get(key);
    const wanted: OwnerBalances = {
      provider,
      repository,
      count: Math.max(known?.count ?? 0, count),
      isWhole: currencies === null || known?.isWhole === true,
      currencies: new Set([...(known?.currencies ?? []), ...(currencies ?? [])]),
      serves: new Set([...(known?.serves ?? []), path]),
    };
    this.balances.set(key, wanted);
  }

  /** Its calls, less those that earlier steps have made; takes note of them there. */
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
