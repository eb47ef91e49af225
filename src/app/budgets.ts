import type { Config } from '../config/config.ts';
import { connectedSources } from '../config/providers.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadIdentity } from '../ports/upstream.ts';
import type { BudgetReport, BudgetsOf } from '../ports/upstream-report.ts';
import {
  type CallBudget,
  type CallRate,
  type CallWindow,
  createCallBudget,
  createOpenCallWindow,
  toCallRate,
} from '../upstream/index.ts';

/** Opens a call window of one credential; `name` distinguishes several windows of the same credential. */
export type OpenWindow = (credential: string, name: string, rate: CallRate) => CallWindow;

/** The call budgets of the configured credentials, created on first use. */
export interface Budgets {
  /** The budget that a read is charged to; null for a provider without a known limit. */
  ofRead(identity: ReadIdentity): CallBudget | null;
  /** The budget that token requests are charged to. */
  ofTokenCalls(provider: ProviderCode, credential: string): CallBudget;
  reports(): readonly BudgetReport[];
  /** What is left for reads; all of it before the first one. */
  readonly ofProvider: BudgetsOf;
}

/** Token requests per minute where the provider states no limit: our own limit, more than one login per TOTP step needs. */
const ownTokenCallsPerMinute = 10;

type BudgetFacts = Pick<BudgetReport, 'provider' | 'purpose' | 'callsPerMinute'>;

export function createBudgets(config: Config, openWindow: OpenWindow, clock: Clock): Budgets {
  const sources = new Map(connectedSources(config).map((source) => [source.code, source]));
  const ofReads = new Map<string, CallBudget>();
  const tokenBudgets = new Map<string, CallBudget>();
  const all: { readonly facts: BudgetFacts; readonly budget: CallBudget }[] = [];

  function add(facts: BudgetFacts, budget: CallBudget): CallBudget {
    all.push({ facts, budget });
    return budget;
  }

  const reports = () => all.map(({ facts, budget }) => ({ ...facts, ...budget.report() }));

  return {
    reports,
    ofProvider(provider) {
      const callsPerMinute = sources.get(provider)?.source.rateLimitPerMinute ?? 0;
      if (callsPerMinute === 0) return [];
      const used = reports().filter((each) => each.provider === provider && each.purpose === 'read');
      return used.length > 0 ? used : [{ callsPerMinute, callsLeft: callsPerMinute }];
    },
    ofRead({ provider, environment, credential }) {
      const limit = sources.get(provider)?.source.rateLimitPerMinute ?? null;
      if (limit === null) return null;
      const name = JSON.stringify([provider, environment, credential]);
      const known = ofReads.get(name);
      if (known !== undefined) return known;
      // Without a limit there is no count to share; each replica learns of a pause from its own calls.
      const window =
        limit === 0
          ? createOpenCallWindow(clock)
          : openWindow(credential, name, toCallRate(limit, config.upstreamCallsPerOperationMax));
      const budget = createCallBudget(provider, window, clock);
      add({ provider, purpose: 'read', callsPerMinute: limit }, budget);
      ofReads.set(name, budget);
      return budget;
    },
    ofTokenCalls(provider, credential) {
      const known = tokenBudgets.get(credential);
      if (known !== undefined) return known;
      const { name = provider, tokenCallsPerMinute: stated = null } = sources.get(provider) ?? {};
      const callsPerMinute = stated ?? ownTokenCallsPerMinute;
      // `mints` is part of a Redis key, unchanged since 0.1.0.
      const window = openWindow(credential, 'mints', { callsPerMinute, burst: callsPerMinute });
      const who = stated === null ? `at ${name} that this gateway allows itself` : `that ${name} allows`;
      const usedUp = `The calls for a token ${who} in a minute are used up. Try again later.`;
      const budget = createCallBudget(name, window, clock, usedUp);
      tokenBudgets.set(credential, add({ provider, purpose: 'token', callsPerMinute }, budget));
      return budget;
    },
  };
}
