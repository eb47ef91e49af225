import type { Answer } from '../shared/answers.ts';
import type { AccountHolding, Store } from './store.ts';

/** What a route receives of a call whose token, limits, account and idempotency key have been checked. */
export interface RouteCall {
  readonly store: Store;
  /** The account of `x-on-behalf-of`, or the master. */
  readonly holding: AccountHolding;
  /** The captured parts of the path, decoded. */
  readonly pathWords: readonly string[];
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
  readonly nowMs: number;
}

/** One path with its methods. */
export interface Route {
  readonly path: RegExp;
  /** Which rules apply: Account Center answers in shape B and does not know `x-on-behalf-of` (sections 2.3, 3.3). */
  readonly line: 'accounts' | 'banking' | 'issuing' | 'payment';
  readonly methods: Readonly<Record<string, Operation>>;
}

/** One method of a path. */
export interface Operation {
  /** Whether an idempotency key is required (section 2.2). */
  readonly idempotencyKey: 'optional' | 'required' | 'required-by-behaviour';
  /** Answers the call; throws `RefusedCall` to refuse it. */
  readonly answer: (call: RouteCall) => Answer;
}
