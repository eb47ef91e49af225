import type { OperationAnswer } from '../ports/operation-runner.ts';
import { askGateway } from './ask-gateway.ts';
import { exitCodes } from './exit-codes.ts';
import { formatOf, type OperationOptions, operationOf } from './operation-input.ts';
import type { Env } from './shell.ts';
import { plainText, tableLines } from './table.ts';
import { withGateway } from './with-gateway.ts';

/**
 * Runs one operation and prints the answer: tables for people, the unchanged JSON for programs. Resolves with the exit
 * code: 1 when the answer has errors, so that a script notices what is missing.
 */
export function query(env: Env, operation: string, options: OperationOptions): Promise<number> {
  return withGateway(env, options.url, async (endpoint) => {
    const format = formatOf(options);
    const answer = await askGateway(endpoint, operationOf(operation, options));
    if (format === 'json') process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    else printTables(answer);
    return answer.errors === undefined ? 0 : exitCodes.failed;
  });
}

function printTables({ data, errors = [] }: OperationAnswer): void {
  if (data) process.stdout.write(`${tableLines(data).join('\n')}\n`);
  for (const { message, path = [], extensions } of errors) {
    const where = path.length === 0 ? '' : ` (${path.join('.')})`;
    process.stderr.write(`${extensions?.code ?? 'ERROR'}: ${plainText(message)}${where}\n`);
  }
}
