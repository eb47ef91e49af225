import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import type { OperationAnswer, RunOperation } from '../ports/operation-runner.ts';

/** What a tool answers: data by its output schema, and the same in a few lines for models that read text only. */
export interface ToolAnswer {
  readonly structured: Record<string, unknown>;
  readonly text: string;
}

/** A tool of the server: one GraphQL operation, with arguments that a model fills in without knowing GraphQL. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** What it is for, what it costs, and what to mind about the answer: all that a model knows of it. */
  readonly description: string;
  /** Scope that the caller needs, or else does not see the tool; null for everybody. */
  readonly scope: string | null;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Rejects with `ToolError` when there is nothing to answer with. */
  answer(input: unknown, run: RunOperation): Promise<ToolAnswer>;
}

/** The tool has no answer; the message says why and what to do. */
export class ToolError extends Error {}

/** Every tool reads only, may be repeated, and reaches no further than the connected providers. */
export const readOnly: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** Defines a tool whose input and output are typed by their schemas. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(tool: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly scope: string | null;
  readonly input: Input;
  readonly output: Output;
  answer(input: z.infer<Input>, run: RunOperation): Promise<{ structured: z.infer<Output>; text: string }>;
}): Tool {
  return {
    ...tool,
    answer: async (input, run) => tool.answer(tool.input.parse(input), run),
  };
}

/** The data of one field. Throws `ToolError` with every error of an answer that has none. */
export function dataOf(answer: OperationAnswer, field: string): unknown {
  const value = answer.data?.[field];
  if (value !== undefined && value !== null) return value;
  if (answer.errors === undefined && answer.data) return null;
  throw new ToolError(errorLines(answer).join('\n') || 'The gateway gave no answer.');
}

/** One line for each distinct error: its code, its message, and when to ask again. */
export function errorLines({ errors = [] }: OperationAnswer): string[] {
  const lines = errors.map(({ message, extensions }) => {
    const wait = extensions?.retryAfterSeconds;
    const again = typeof wait === 'number' ? ` Ask again in ${wait} s.` : '';
    return `${extensions?.code ?? 'ERROR'}: ${message}${again}`;
  });
  return [...new Set(lines)];
}
