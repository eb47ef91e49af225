import * as z from 'zod';
import { dataOf, defineTool } from '../tool.ts';
import { countWords } from '../words.ts';

/** The selection behind the tool and the verb `explain`. */
const explainOperationText = `query ExplainOperation($document: String!, $variables: JSON, $operationName: String) {
  explain(document: $document, variables: $variables, operationName: $operationName) {
    calls callsNow callsAtMost cost admitted
    refusal { code message }
    steps { id provider ledger method path calls remembered after serves because }
    budgets { provider callsPerMinute callsLeft }
  }
}`;

const plan = z.object({
  calls: z.number().describe('Calls to providers when nothing is remembered.'),
  callsNow: z.number().describe('Calls that it makes now at least.'),
  callsAtMost: z.number().nullable().describe('null: not known.'),
  cost: z.number(),
  admitted: z.boolean().describe('Whether it would be run.'),
  refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
  steps: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      ledger: z.string().nullable(),
      method: z.string(),
      path: z.string(),
      calls: z.number(),
      remembered: z.number(),
      after: z.array(z.string()),
      serves: z.array(z.string()),
      because: z.string(),
    }),
  ),
  budgets: z.array(z.object({ provider: z.string(), callsPerMinute: z.number(), callsLeft: z.number() })),
});

export const explainOperation = defineTool({
  name: 'explain_operation',
  title: 'Explain an operation',
  description:
    'The calls that a GraphQL query would make to the providers, without making any; whether it would run, and why. Use it before run_operation with anything large.',
  scope: null,
  input: z.strictObject({
    query: z.string().describe('A GraphQL query document.'),
    variables: z.record(z.string(), z.unknown()).optional(),
    operationName: z.string().optional(),
  }),
  output: plan,
  async answer({ query, variables, operationName }, run) {
    const given = { document: query, variables: variables ?? null, operationName: operationName ?? null };
    const answer = await run({
      query: explainOperationText,
      operationName: 'ExplainOperation',
      variables: given,
    });
    const found = plan.parse(dataOf(answer, 'explain'));
    const { calls, callsNow, callsAtMost, admitted, refusal, steps } = found;
    const lines = steps.map(
      ({ provider, method, path, calls: count, because }) =>
        `${provider} ${method} ${path}: ${countWords(count, 'call')} (${because})`,
    );
    const head = admitted ? 'It would be run.' : `It would be refused: ${refusal?.code} ${refusal?.message}`;
    const counts = `${countWords(calls, 'call')}, ${callsNow} now at least, ${callsAtMost ?? 'an unknown number'} at most.`;
    return { structured: found, text: [head, counts, ...lines].join('\n') };
  },
});
