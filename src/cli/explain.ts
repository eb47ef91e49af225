import { ToolError } from '../mcp/tool.ts';
import { explainOperation } from '../mcp/tools/explain-operation.ts';
import { AskError, askGateway } from './ask-gateway.ts';
import { exitCodes } from './exit-codes.ts';
import { formatOf, type OperationOptions, operationOf } from './operation-input.ts';
import type { Env } from './shell.ts';
import { withGateway } from './with-gateway.ts';

/**
 * Prints the upstream calls that an operation would make, without making them: lines for people, JSON for programs.
 * Resolves with the exit code: 1 when the operation would be refused.
 */
export function explain(env: Env, operation: string, options: OperationOptions): Promise<number> {
  return withGateway(env, options.url, async (endpoint) => {
    const format = formatOf(options);
    const asked = operationOf(operation, options);
    try {
      const { structured, text } = await explainOperation.answer(asked, (request) =>
        askGateway(endpoint, request),
      );
      process.stdout.write(`${format === 'json' ? JSON.stringify(structured, null, 2) : text}\n`);
      return structured.admitted === true ? 0 : exitCodes.failed;
    } catch (error) {
      throw error instanceof ToolError ? new AskError(error.message) : error;
    }
  });
}
