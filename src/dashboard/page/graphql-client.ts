import { readCredential } from './credential.ts';

/** One error of a GraphQL answer. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number };
}

/** What one operation answered: data, and what is missing from it. */
export interface Answer<Data> {
  readonly data: Data;
  readonly errors: readonly AnswerError[];
  /** How long the answer counts as fresh, in seconds: `max-age` of the response. */
  readonly maxAgeSeconds: number;
}

/** Why there is no answer. */
export class Problem extends Error {
  /** `OFFLINE`: the gateway did not answer; else its code. */
  readonly code: string;
  /** Seconds to wait before asking again, where the gateway says so. */
  readonly retryAfterSeconds: number | null;

  constructor(code: string, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** An operation, and what it may have been given. */
export interface Operation<Data, Variables extends object> {
  readonly text: string;
  /** Types only: never set. */
  readonly types?: (variables: Variables) => Data;
}

/** Sends one operation. Rejects with `Problem` when there is no data at all. */
export async function send<Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  options: { readonly signal?: AbortSignal; readonly isFresh?: boolean } = {},
): Promise<Answer<Data>> {
  const credential = readCredential();
  let response: Response;
  let body: { data?: Data | null; errors?: readonly AnswerError[] };
  try {
    response = await fetch('./graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
        ...(options.isFresh === true ? { 'cache-control': 'no-cache' } : {}),
      },
      body: JSON.stringify({ query: operation.text, variables }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    body = (await response.json()) as typeof body;
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new Problem('OFFLINE', 'The gateway cannot be reached. Trying again.');
  }
  const errors = body.errors ?? [];
  if (body.data === null || body.data === undefined) {
    const [first] = errors;
    throw new Problem(
      first?.extensions?.code ?? `HTTP_${response.status}`,
      first?.message ?? `The gateway answered with HTTP ${response.status}.`,
      first?.extensions?.retryAfterSeconds ?? null,
    );
  }
  return { data: body.data, errors, maxAgeSeconds: maxAgeOf(response) };
}

function maxAgeOf({ headers }: Response): number {
  return Number(/max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1] ?? 0);
}
