import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { EnvFileError } from '../app/env-file.ts';
import { ConfigError } from '../config/config-error.ts';
import { readBoundedFile } from '../config/read-file.ts';
import type { OperationAnswer } from '../ports/operation-runner.ts';
import { AskError, askGateway } from './ask-gateway.ts';
import { exitCodes } from './exit-codes.ts';
import { type Endpoint, remoteGateway, startOwnGateway } from './own-gateway.ts';
import type { Env } from './shell.ts';
import { plainText, tableLines } from './table.ts';

const fileBytesMax = 1_048_576;

/** The options as the command line gives them. */
export interface QueryOptions {
  readonly variables?: string;
  readonly operationName?: string;
  readonly format?: string;
  readonly url?: string;
}

/** The command line asks for something that cannot be done. */
class UsageError extends Error {}

/**
 * Runs one operation and prints the answer: a table for people, JSON as it came for programs. Resolves with the exit
 * code: 1 when the answer has errors, so that a script notices what is missing.
 */
export async function query(env: Env, operation: string, options: QueryOptions): Promise<number> {
  let endpoint: Endpoint | null = null;
  try {
    const format = formatOf(options.format);
    const body = {
      query: operationText(operation),
      ...(options.variables === undefined ? {} : { variables: variablesOf(options.variables) }),
      ...(options.operationName === undefined ? {} : { operationName: options.operationName }),
    };
    endpoint = options.url === undefined ? await startOwnGateway(env) : remoteGateway(options.url, env);
    const answer = await askGateway(endpoint, body);
    print(answer, format);
    return answer.errors === undefined ? 0 : exitCodes.failed;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`error: ${error.message}\n`);
      return exitCodes.usage;
    }
    const isExpected =
      error instanceof ConfigError || error instanceof EnvFileError || error instanceof AskError;
    process.stderr.write(
      `${isExpected ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    return exitCodes.failed;
  } finally {
    await endpoint?.close();
  }
}

function print(answer: OperationAnswer, format: 'table' | 'json'): void {
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
    return;
  }
  if (answer.data) process.stdout.write(`${tableLines(answer.data).join('\n')}\n`);
  for (const { message, path = [], extensions } of answer.errors ?? []) {
    const where = path.length === 0 ? '' : ` (${path.join('.')})`;
    process.stderr.write(`${extensions?.code ?? 'ERROR'}: ${plainText(message)}${where}\n`);
  }
}

function formatOf(name: string | undefined): 'table' | 'json' {
  if (name === undefined) return process.stdout.isTTY ? 'table' : 'json';
  if (name === 'table' || name === 'json') return name;
  throw new UsageError(`--format must be table or json; it is ${JSON.stringify(name)}`);
}

function operationText(given: string): string {
  if (given === '-') return readFileSync(0, 'utf8');
  // No file is called like the start of an operation.
  if (/^[\s﻿]*([{#"]|(query|fragment|subscription|mutation)\b)/.test(given)) return given;
  return fileText(given, 'is no operation, and no file that can be read');
}

function variablesOf(given: string): Record<string, unknown> {
  const text = given.trimStart().startsWith('{')
    ? given
    : fileText(given, 'is no JSON object, and no file that can be read');
  const parsed = z.record(z.string(), z.unknown()).safeParse(toJson(text));
  if (parsed.success) return parsed.data;
  throw new UsageError('--variables must be a JSON object, such as {"first": 3}');
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fileText(path: string, problem: string): string {
  try {
    return readBoundedFile(path, fileBytesMax);
  } catch {
    throw new UsageError(`${JSON.stringify(path)} ${problem}`);
  }
}
