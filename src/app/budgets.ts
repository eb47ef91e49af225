import type { Config } from '../config/config.ts';
import { connectedSources } from '../config/providers.ts';
import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { BudgetReport } from '../ports/gate-report.ts';
import type { ReadIdentity } from '../ports/upstream.ts';
import {
  type CallBudget,
  type CallRate,
  type CallWindow,
  createCallBudget,
  createOpenCallWindow,
  toCallRate,
} from '../upstream/index.ts';

/** Opens the window of one credential's calls; `name` tells windows of one credential apart. */
export type OpenWindow = (credential: string, name: string, rate: CallRate) => CallWindow;

/** The call budgets of the configured credentials, each made when it is first used. */
export interface Budgets {
  /** What a read is paid from; null for a provider that states no limit. */
  ofRead(identity: ReadIdentity): CallBudget | null;
  /** What token calls are paid from. */
  ofMint(provider: ProviderCode, credential: string): CallBudget;
  reports(): readonly BudgetReport[];
}

/** Calls for a token a minute where the provider states no limit: a bound of our own, beyond what a login a step needs. */
const ownMintsPerMinute = 10;

type BudgetFacts = Pick<BudgetReport, 'provider' | 'purpose' | 'callsPerMinute'>;

export function createBudgets(config: Config, openWindow: OpenWindow, clock: Clock): Budgets {
  const sources = new Map(connectedSources(config).map((source) => [source.code, source]));
  const budgets = new Map<string, { readonly facts: BudgetFacts; readonly budget: CallBudget }>();

  function budgetOf(key: string, facts: BudgetFacts, open: () => CallBudget): CallBudget {
    const known = budgets.get(key);
    if (known !== undefined) return known.budget;
    const budget = open();
    budgets.set(key, { facts, budget });
    return budget;
  }

  return {
    ofRead({ provider, environment, credential }) {
      const limit = sources.get(provider)?.source.rateLimitPerMinute ?? null;
      if (limit === null) return null;
      const key = JSON.stringify([provider, environment, credential]);
      return budgetOf(key, { provider, purpose: 'read', callsPerMinute: limit }, () => {
        // Each replica learns of a pause by itself: without a limit there is nothing else to share.
        const window =
          limit === 0
            ? createOpenCallWindow(clock)
            : openWindow(credential, key, toCallRate(limit, config.upstreamCallsPerOperationMax));
        return createCallBudget(provider, window, clock);
      });
    },
    ofMint(provider, credential) {
      const { name = provider, tokenCallsPerMinute: stated = null } = sources.get(provider) ?? {};
      const callsPerMinute = stated ?? ownMintsPerMinute;
      const facts = { provider, purpose: 'token', callsPerMinute } as const;
      return budgetOf(`mints ${credential}`, facts, () => {
        const window = openWindow(credential, 'mints', { callsPerMinute, burst: callsPerMinute });
        const who = stated === null ? `at ${name} that this gateway allows itself` : `that ${name} allows`;
        const usedUp = `The calls for a token ${who} in a minute are used up. Ask again later.`;
        return createCallBudget(name, window, clock, usedUp);
      });
    },
    reports: () => Array.from(budgets.values(), ({ facts, budget }) => ({ ...facts, ...budget.report() })),
  };
}
