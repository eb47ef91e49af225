import type { ToolAnnotations } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import type { OperationAnswer, RunOperation } from '../ports/operation-runner.ts';

/** A tool's answer: data according to its output schema, and a short text for models that read only text. */
export interface ToolAnswer {
  readonly structured: Record<string, unknown>;
  readonly text: string;
}

/** A tool of the server: one GraphQL operation, whose arguments a model fills in without knowing GraphQL. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** Its purpose, its cost, and how to read the answer: everything a model knows about it. */
  readonly description: string;
  /** Scope without which a caller does not see the tool; null for all. */
  readonly scope: string | null;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Rejects with `ToolError` when there is nothing to answer. */
  answer(input: unknown, run: RunOperation): Promise<ToolAnswer>;
}

/** The tool has no answer; the message says why, and what to do. */
export class ToolError extends Error {}

/** Every tool only reads, can be repeated, and reaches nothing but the connected providers. */
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

/** Returns the data of one field. Throws `ToolError` with all errors when there is no data. */
export function dataOf(answer: OperationAnswer, field: string): unknown {
  const value = answer.data?.[field];
  if (value !== undefined && value !== null) return value;
  if (answer.errors === undefined && answer.data) return null;
  throw new ToolError(errorLines(answer).join('\n') || 'The gateway gave no answer.');
}

/** One line for each distinct error: its code, its message, and when to retry. */
export function errorLines({ errors = [] }: OperationAnswer): string[] {
  const lines = errors.map(({ message, extensions }) => {
    const wait = extensions?.retryAfterSeconds;
    const again = typeof wait === 'number' ? ` Try again in ${wait} s.` : '';
    return `${extensions?.code ?? 'ERROR'}: ${message}${again}`;
  });
  return [...new Set(lines)];
}
