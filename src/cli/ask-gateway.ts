import * as z from 'zod';
import type { OperationAnswer, OperationRequest } from '../ports/operation-runner.ts';
import type { Endpoint } from './own-gateway.ts';

/** The endpoint cannot be reached, or its answer is not GraphQL. */
export class AskError extends Error {}

const answerShape = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z
          .object({ code: z.string().optional(), retryAfterSeconds: z.number().nullish() })
          .optional(),
      }),
    )
    .optional(),
});

/** Sends one operation over HTTP. Rejects with `AskError`. */
export async function askGateway(
  { url, headers }: Endpoint,
  operation: OperationRequest,
): Promise<OperationAnswer> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(operation),
    });
  } catch (error) {
    const { code } = (error instanceof Error ? (error.cause ?? {}) : {}) as { code?: string };
    const reason = code === undefined ? '' : ` (${code})`;
    throw new AskError(`${url} cannot be reached${reason}. Is a gateway running there?`);
  }
  const parsed = answerShape.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  throw new AskError(
    `${url} answered with status ${response.status} and no GraphQL answer. Is the URL that of /graphql?`,
  );
}
