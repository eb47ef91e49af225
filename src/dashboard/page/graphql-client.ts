import { credentialHeaders, refuseCredential } from './credential.ts';

/** One error of a GraphQL answer. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number };
}

/** The answer to one operation: its data, and what is missing from it. */
export interface Answer<Data> {
  readonly data: Data;
  readonly errors: readonly AnswerError[];
  /** How long the answer is fresh, in seconds: `max-age` of the response. */
  readonly maxAgeSeconds: number;
}

/** Why there is no answer. */
export class Problem extends Error {
  /** `OFFLINE` when the gateway did not answer, else its error code. */
  readonly code: string;
  /** Seconds to wait before a retry, if the gateway gives them. */
  readonly retryAfterSeconds: number | null;

  constructor(code: string, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Seconds until the page tries again by itself; null when only the viewer can change anything. */
  get waitSeconds(): number | null {
    return final.has(this.code) ? null : (this.retryAfterSeconds ?? 10);
  }
}

const final = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'ACCOUNT_OUT_OF_SCOPE',
  'ACCOUNT_NOT_FOUND',
  'BAD_USER_INPUT',
]);

/** An operation, and the types of its variables and data. */
export interface Operation<Data, Variables extends object> {
  readonly text: string;
  /** For types only; never set. */
  readonly types?: (variables: Variables) => Data;
}

/** Sends one operation. Rejects with `Problem` when there is no data: no answer, or nothing but nulls and errors. */
export async function send<Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  options: { readonly signal?: AbortSignal; readonly isFresh?: boolean } = {},
): Promise<Answer<Data>> {
  const { signal } = options;
  const headers = options.isFresh === true ? { 'cache-control': 'no-cache' } : {};
  const response = await post(operation.text, variables, `${answerType}, application/json`, headers, signal);
  const { data, errors = [] } = await reached(() => response.json() as Promise<Body<Data>>, signal);
  const isEmpty = Object.values(data ?? {}).every((value) => value === null);
  if (data === null || data === undefined || (isEmpty && errors.length > 0))
    throw problemOf(response, errors);
  return { data, errors, maxAgeSeconds: maxAgeOf(response) };
}

/**
 * Subscribes over Server-Sent Events, and passes the data of each event to `onData`. Resolves when the gateway
 * completes the stream. Rejects with `Problem` when the gateway refuses the stream, ends it with an error or cannot be
 * reached.
 */
export async function subscribe<Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  onData: (data: Data) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await post(
    operation.text,
    variables,
    `text/event-stream, ${answerType};q=0.5`,
    {},
    signal,
  );
  if (response.body === null || !isOf(response, 'text/event-stream')) {
    const { errors = [] } = await reached(() => response.json() as Promise<Body<Data>>, signal);
    throw problemOf(response, errors);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = '';
  for (;;) {
    const { value, done } = await reached(() => reader.read(), signal);
    if (done) return;
    const events = `${unread}${value}`.split('\n\n');
    unread = events.pop() ?? '';
    for (const event of events) {
      const text = /^data: (.+)$/m.exec(event)?.[1];
      if (text === undefined || !/^event: next$/m.test(event)) continue;
      const { data, errors = [] } = JSON.parse(text) as Body<Data>;
      if (data === null || data === undefined) throw problemOf(response, errors);
      onData(data);
    }
  }
}

interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly AnswerError[];
}

const answerType = 'application/graphql-response+json';

function post(
  text: string,
  variables: object,
  accept: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  return reached(
    () =>
      fetch('./graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept, ...credentialHeaders(), ...headers },
        body: JSON.stringify({ query: text, variables }),
        ...(signal === undefined ? {} : { signal }),
      }),
    signal,
  );
}

/**
 * Runs network work. Rejects with `Problem` when the network fails; once `signal` has aborted, with the original error.
 */
export async function reached<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Problem('OFFLINE', 'The gateway cannot be reached.');
  }
}

/** The problem that an answer names by its first error, else by its status. */
export function problemOf({ status }: Response, [first]: readonly AnswerError[]): Problem {
  const code = first?.extensions?.code ?? `HTTP_${status}`;
  const message = first?.message ?? `The gateway answered with HTTP ${status}.`;
  if (code === 'UNAUTHENTICATED') refuseCredential(message);
  return new Problem(code, message, first?.extensions?.retryAfterSeconds ?? null);
}

function isOf({ headers }: Response, mediaType: string): boolean {
  return headers.get('content-type')?.startsWith(mediaType) === true;
}

function maxAgeOf({ headers }: Response): number {
  return Number(/max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1] ?? 0);
}
