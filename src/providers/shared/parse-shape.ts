import type * as z from 'zod';
import { Failure, type FailureDetails } from '../../domain/failure.ts';

/**
 * The typed form of a provider's reply. Throws UPSTREAM_SHAPE with the path of the first wrong field
 * (`data[3].available_balance`), and never with its value. `source` names the call: `UQPAY GET /v1/balances`.
 */
export function parseShape<T>(
  schema: z.ZodType<T>,
  value: unknown,
  source: string,
  details: FailureDetails,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw shapeFailure(source, toPath(issue?.path ?? []), issue?.message ?? 'wrong', details);
}

/** UPSTREAM_SHAPE for a field; `problem` says what was expected and never quotes the value. */
export function shapeFailure(
  source: string,
  path: string,
  problem: string,
  details: FailureDetails,
): Failure {
  const location = path === '' ? 'the reply' : path;
  return new Failure(
    'UPSTREAM_SHAPE',
    `${source} answered in an unexpected shape: ${location}: ${problem}.`,
    details,
  );
}

function toPath(parts: readonly PropertyKey[]): string {
  return parts
    .map((part, partIndex) =>
      typeof part === 'number' ? `[${part}]` : `${partIndex === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}
