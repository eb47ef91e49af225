// The plans of `explain`, compared with the calls that the operations then make: every operation that the gateway's
// tests send, and random operations.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSchema } from '../../src/graphql/schema.ts';
import { type Executor, startExecutor } from '../support/execute.ts';
import {
  aBalance,
  anAccount,
  aTransaction,
  createFakeProvider,
  type FakeProvider,
  master,
} from '../support/fake-provider.ts';
import fc from '../support/fast-check.ts';
import type { Sent } from './both.fixture.ts';
import { randomOperations } from './random-operations.fixture.ts';

interface Plan {
  readonly calls: number;
  readonly callsNow: number;
  readonly callsAtMost: number | null;
  readonly admitted: boolean;
  readonly refusal: { readonly code: string } | null;
  readonly steps: readonly {
    readonly id: string;
    readonly path: string;
    readonly calls: number;
    readonly remembered: number;
    readonly after: readonly string[];
    readonly serves: readonly string[];
  }[];
}

const explain = `query ($document: String!, $variables: JSON, $operationName: String) {
  explain(document: $document, variables: $variables, operationName: $operationName) {
    calls callsNow callsAtMost admitted refusal { code message }
    steps { id path calls remembered after serves }
  }
}`;

const operations: readonly Sent[] = readFileSync(new URL('operations.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** A world in which all lists are longer than a page. */
function fill(provider: FakeProvider): void {
  for (const id of ['a-1', 'a-2', 'nobody']) provider.connected.push(anAccount(id));
  for (let index = 3; index <= 95; index += 1) provider.connected.push(anAccount(`a-${index}`));
  const currencies = ['USD', 'EUR', 'XXX', ...Array.from({ length: 60 }, (_, index) => `C${index}`)];
  for (const account of [master, ...provider.connected.slice(0, 25).map(({ ref }) => ref)]) {
    for (const ledger of ['BANKING', 'ISSUING', 'PAYMENT'] as const) {
      for (const currency of currencies) provider.balanceRecord.push(aBalance(account, ledger, currency));
    }
    for (const ledger of ['BANKING', 'ISSUING'] as const) {
      for (let index = 0; index < 120; index += 1) {
        const currency = ['USD', 'EUR', 'XXX'][index % 3] ?? 'USD';
        provider.transactionRecord.push(
          aTransaction(account, ledger, `${ledger}-${index}`, 999 + index, { currency }),
        );
      }
    }
  }
}

let provider: FakeProvider;
let executor: Executor;
beforeAll(async () => {
  provider = createFakeProvider();
  fill(provider);
  executor = await startExecutor({ providers: [provider] });
});
afterAll(() => executor.stop());

/** The planned calls and the calls made; null without a plan, because there is no operation. */
async function hold(sent: Sent): Promise<{ readonly plan: Plan; readonly made: number } | null> {
  provider.calls.length = 0;
  const { query: document, variables, operationName } = sent;
  const planned = await executor.run(explain, { document, variables, operationName });
  expect(provider.calls).toEqual([]);
  expect(planned.calls).toBe(0);
  if (planned.data === null) {
    expect(planned.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    return null;
  }
  const plan = planned.data.explain as Plan;
  const { calls: made, errors, data } = await executor.run(document, { ...variables });
  const codes = errors.map(({ extensions }) => extensions?.code);
  expect({ sent, admitted: plan.admitted, code: plan.refusal?.code ?? null }).toEqual({
    sent,
    admitted: !(data === null && refusals.includes(codes[0])),
    code: data === null && refusals.includes(codes[0]) ? codes[0] : null,
  });
  const told = { sent, made, ...plan };
  expect(told).toEqual({ ...told, calls: plan.steps.reduce((sum, step) => sum + step.calls, 0) });
  expect([told, plan.callsNow <= plan.calls]).toEqual([told, true]);
  expect([told, plan.calls <= (plan.callsAtMost ?? plan.calls)]).toEqual([told, true]);
  expect([told, made <= (plan.callsAtMost ?? made)]).toEqual([told, true]);
  // A null in a non-null field ends an operation before its other fields are read.
  if (data !== null) expect([told, plan.callsNow <= made]).toEqual([told, true]);
  for (const [index, { id, path, calls, remembered, after, serves }] of plan.steps.entries()) {
    expect(after.every((earlier) => plan.steps.slice(0, index).some((step) => step.id === earlier))).toBe(
      true,
    );
    expect([id, path]).toEqual([expect.stringMatching(/./), expect.not.stringContaining('?')]);
    expect(remembered).toBeLessThanOrEqual(calls);
    expect(serves.join()).not.toMatch(/\.\d|^$/);
  }
  return { plan, made };
}

const refusals: readonly unknown[] = ['CALLS_EXCEEDED', 'QUERY_TOO_COMPLEX'];

/** Operations whose text determines their number of calls, in a world where lists are as long as requested. */
const told: readonly string[] = [
  '{ balance(ledger: BANKING, currency: "USD") { id } }',
  '{ a: balance(ledger: BANKING, currency: "USD") { id } b: balance(ledger: BANKING, currency: "EUR") { id } }',
  '{ balances { nodes { id } } }',
  '{ balances(first: 7, filter: { ledgers: [BANKING, ISSUING] }) { nodes { transactions(first: 2) { nodes { id } } } } }',
  '{ accounts(first: 10) { nodes { balances(filter: { ledgers: [BANKING] }) { nodes { id } } } } }',
  `{ accounts(first: 20) { nodes { balances(filter: { ledgers: [BANKING] }) { nodes { id } }
     transactions(first: 10, filter: { ledgers: [BANKING] }) { nodes { id } } } } }`,
  '{ accounts(first: 5) { edges { node { usd: balance(ledger: ISSUING, currency: "USD") { id } } } } }',
  '{ a: accounts(first: 5) { nodes { balances { nodes { id } } } } b: accounts(first: 7) { nodes { balances { nodes { id } } } } }',
  '{ transactions(first: 20) { nodes { id balance { id } } } }',
  '{ transactions(first: 100, filter: { ledgers: [ISSUING], currencies: ["EUR"] }) { nodes { balance { id } } } }',
  '{ transactions(last: 5, filter: { ledgers: [BANKING] }) { nodes { id } } }',
  '{ balances(first: 3) { nodes { account { name } } } transactions { nodes { account { name } } } }',
];

describe('the calls made are within the limits of the plan', () => {
  test('of every operation that the tests send', async () => {
    let heldCount = 0;
    for (const sent of operations) if ((await hold(sent))?.plan.admitted === true) heldCount += 1;
    expect(heldCount).toBeGreaterThan(100);
  }, 120_000);

  test('of random operations', async () => {
    let heldCount = 0;
    await fc.assert(
      fc.asyncProperty(randomOperations(createSchema()), async (sent) => {
        if (((await hold(sent))?.plan.calls ?? 0) > 0) heldCount += 1;
      }),
      { numRuns: Number(process.env.OPERATIONS ?? 100), endOnFailure: true },
    );
    expect(heldCount).toBeGreaterThan(10);
  }, 600_000);
});

test.each(told)('%s makes as many calls as planned, and at most twice as many', async (query) => {
  const { plan, made } = (await hold({ query })) ?? {};
  expect(made).toBeLessThanOrEqual(plan?.calls ?? 0);
  expect(plan?.calls).toBeLessThanOrEqual(2 * (made ?? 0));
});
