import { HeaderMap } from '@apollo/server';
import type { RequestParts } from '../apollo-answer.ts';
import type { Exchange, Refusal } from '../reply.ts';
import { BodyRefused, parseJsonText } from '../request-body.ts';

/** A GET request rewritten as POST, which Apollo Server requires for a subscription. */
export interface PostedRequest {
  readonly parts: RequestParts;
  readonly body: unknown;
}

/** Parameters that are JSON. */
const jsonNames: ReadonlySet<string> = new Set(['variables', 'extensions']);
const names = ['query', 'operationName', 'variables', 'extensions'];

/** Reads a stream request sent with GET, as `EventSource` does. Throws `BodyRefused` (400). */
export function postedRequest({ search }: Exchange): PostedRequest {
  const parameters = new URLSearchParams(search);
  const body: Record<string, unknown> = {};
  for (const name of names) {
    const values = parameters.getAll(name).filter((value) => value !== '');
    const [value] = values;
    if (value === undefined) continue;
    if (values.length > 1) throw new BodyRefused(400, `The parameter "${name}" may be sent only once.`);
    body[name] = jsonNames.has(name) ? parseJsonText(value) : value;
  }
  // `foreignPage` has already checked whether a page of another site may send this.
  const headers = new HeaderMap([['content-type', 'application/json']]);
  return { parts: { method: 'POST', headers, search: '' }, body };
}

/**
 * Refuses a GET request that a page of another site may have sent, because browsers send it without a preflight.
 * Browsers name its source in `Sec-Fetch-Site` or `Origin`. Null when it is not refused.
 */
export function foreignPage({ request }: Exchange, corsOrigins: readonly string[]): Refusal | null {
  const { origin, host, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined) {
    const isOurs = host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
    return isOurs || corsOrigins.includes(origin) ? null : refusal;
  }
  return site === undefined || site === 'same-origin' || site === 'none' ? null : refusal;
}

const refusal: Refusal = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'Pages of this origin may not subscribe here. List it in CORS_ORIGINS if it should.',
};
