import { Pool } from 'undici';
import type { Cursors, Workload } from '../workloads.ts';

/** How to send a workload to a server. */
export type Asking = (workload: Workload, lane: number) => Question;

/** One HTTP request, ready to be sent. */
export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether each body is different, so that no answer can be reused. */
  readonly isNewEachTime?: boolean;
}

/** The bare servers take the workload's name and the lane in the path. */
export const askLimit: Asking = ({ name }, lane) => ({ method: 'GET', path: `/${name}/${lane}` });

/** The gateway takes GraphQL. */
export function askGateway(cursors: Cursors): Asking {
  return ({ query, variables }, lane) => toPost(query, variables(lane, cursors));
}

/** The same, each time as a new request: GraphQL accepts any `extensions`. */
export function askGatewayAnew(cursors: Cursors): Asking {
  const asking = askGateway(cursors);
  return (workload, lane) => ({ ...asking(workload, lane), isNewEachTime: true });
}

export function toPost(query: string, variables: Readonly<Record<string, string | number | null>>): Question {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  };
}

let askedCount = 0;

/** Sends one request and returns the text of a 200; throws for any other status. */
export async function ask(pool: Pool, { isNewEachTime, ...question }: Question): Promise<string> {
  askedCount += 1;
  const request =
    isNewEachTime === true
      ? { ...question, body: `${question.body?.slice(0, -1)},"extensions":{"number":${askedCount}}}` }
      : question;
  const { statusCode, body } = await pool.request(request);
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}: ${text.slice(0, 500)}`);
  return text;
}

export interface Load {
  readonly pool: Pool;
  /** The request that each lane repeats, and the answer it must get every time. */
  readonly lanes: readonly { readonly question: Question; readonly expected: string }[];
  readonly durationMs: number;
}

export interface LoadResult {
  readonly answerCount: number;
  readonly tookMs: number;
  /** Of each answer, ascending. */
  readonly latenciesMs: readonly number[];
}

/**
 * Keeps one request of each lane in progress for `durationMs`, with as many connections as lanes. Rejects at the
 * first unexpected answer.
 */
export async function runLoad({ pool, lanes, durationMs }: Load): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  const endMs = startMs + durationMs;
  await Promise.all(
    lanes.map(async ({ question, expected }) => {
      for (let askedMs = performance.now(); askedMs < endMs; ) {
        const text = await ask(pool, question);
        if (text !== expected) throw new Error(`An answer under load is another one: ${text.slice(0, 500)}`);
        const nowMs = performance.now();
        latenciesMs.push(nowMs - askedMs);
        askedMs = nowMs;
      }
    }),
  );
  const tookMs = performance.now() - startMs;
  return { answerCount: latenciesMs.length, tookMs, latenciesMs: latenciesMs.sort((a, b) => a - b) };
}

export function openPool(url: string, connections: number): Pool {
  return new Pool(new URL(url).origin, { connections, pipelining: 1 });
}
