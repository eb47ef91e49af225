import type { Lifecycle } from './lifecycle.ts';
import { type Reply, textReply } from './reply.ts';

/** Routes for operators and monitoring; they require no authentication. */
export interface OperatorRoutes {
  readonly lifecycle: Lifecycle;
  /** Details of `/readyz` besides the state: plain data without secrets. */
  readonly health: () => object;
  /** The text of `/metrics`; null answers 404 there. */
  readonly metrics: (() => Promise<MetricsText>) | null;
}

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

const textMethods = 'GET, HEAD, OPTIONS';

/** Answers `/livez`, `/readyz` or `/metrics`; null for any other path. */
export async function operatorReply(
  method: string,
  path: string,
  { lifecycle, health, metrics }: OperatorRoutes,
): Promise<Reply | null> {
  if (path === '/livez') return otherMethodReply(method) ?? textReply(200, 'ok\n');
  if (path === '/readyz') return otherMethodReply(method) ?? readyReply(lifecycle, health);
  if (path !== '/metrics' || metrics === null) return null;
  const refusal = otherMethodReply(method);
  if (refusal !== null) return refusal;
  const { contentType, text } = await metrics();
  return { status: 200, body: text, headers: { 'content-type': contentType } };
}

/** Answers a method other than GET and HEAD; null for those two. */
export function otherMethodReply(method: string): Reply | null {
  if (method === 'GET' || method === 'HEAD') return null;
  if (method === 'OPTIONS') return { status: 204, headers: { allow: textMethods } };
  return textReply(405, 'Use GET.\n', { allow: textMethods });
}

/**
 * Ready means that requests are accepted. A failing provider does not change that: every replica has the same provider,
 * and cached data can still be served.
 */
function readyReply({ state }: Lifecycle, health: () => object): Reply {
  return {
    status: state === 'ready' ? 200 : 503,
    body: `${JSON.stringify({ state, ...health() })}\n`,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  };
}
