import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readBoundedFile } from '../config/read-file.ts';
import { parseJson } from '../config/values.ts';
import type { OperationRequest } from '../ports/operation-runner.ts';

/** The options of commands that take an operation. */
export interface OperationOptions {
  readonly variables?: string;
  readonly operationName?: string;
  readonly format?: string;
  readonly url?: string;
}

/** The command line cannot be understood. */
export class UsageError extends Error {}

const fileBytesMax = 1_048_576;

/** The operation of a command line. Throws `UsageError`. */
export function operationOf(operation: string, { variables, operationName }: OperationOptions) {
  return {
    query: operationText(operation),
    ...(variables === undefined ? {} : { variables: variablesOf(variables) }),
    ...(operationName === undefined ? {} : { operationName }),
  } satisfies OperationRequest;
}

/** The output format: as requested, else tables on a terminal and JSON otherwise. Throws `UsageError`. */
export function formatOf({ format }: OperationOptions): 'table' | 'json' {
  if (format === undefined) return process.stdout.isTTY ? 'table' : 'json';
  if (format === 'table' || format === 'json') return format;
  throw new UsageError(`--format must be table or json; it is ${JSON.stringify(format)}`);
}

function operationText(given: string): string {
  if (given === '-') return readFileSync(0, 'utf8');
  // No file name starts like an operation.
  if (/^[\s\ufeff]*([{#"]|(query|fragment|subscription|mutation)\b)/.test(given)) return given;
  return fileText(given, 'is neither an operation nor a readable file');
}

function variablesOf(given: string): Record<string, unknown> {
  const text = given.trimStart().startsWith('{')
    ? given
    : fileText(given, 'is neither a JSON object nor a readable file');
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new UsageError('--variables must be a JSON object, such as {"first": 3}');
}

function fileText(path: string, problem: string): string {
  try {
    return readBoundedFile(path, fileBytesMax);
  } catch {
    throw new UsageError(`${JSON.stringify(path)} ${problem}`);
  }
}
