import { expect, test } from '@jest/globals';
import { createBudgets } from '../../../src/app/budgets.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { createCallWindow } from '../../../src/upstream/index.ts';
import { createManualClock } from '../upstream/manual-clock.ts';

test.each([
  ['UQPAY', 50, 'The calls for a token that UQPAY allows in a minute are used up. Try again later.'],
  [
    'IBANERA',
    10,
    'The calls for a token at Ibanera that this gateway allows itself in a minute are used up. Try again later.',
  ],
] as const)(
  'token calls at %s are limited to %i a minute, and the error says whose limit it is',
  async (code, limit, message) => {
    const clock = createManualClock();
    const budgets = createBudgets(
      loadConfig({}),
      (_credential, _name, rate) => createCallWindow(() => rate, clock),
      clock,
    );
    const budget = budgets.ofTokenCalls(code, 'a credential');
    const wish = { callerId: 'token', signal: new AbortController().signal, deadlineMs: clock.now() + 5_000 };
    for (let callIndex = 0; callIndex < limit; callIndex += 1) (await budget.take(wish)).spent();
    await expect(budget.take(wish)).rejects.toMatchObject({ code: 'UPSTREAM_BUDGET_EXHAUSTED', message });
  },
);
