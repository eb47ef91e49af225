import type { IncomingHttpHeaders } from 'node:http';

type Headers = Readonly<Record<string, string>>;

/** Response headers that a page may read, besides those that every page may. */
const exposed = 'age, retry-after, x-request-id, x-upstream-report';

/** Headers that let a page of one of `origins` read the answer; none for any other page. */
export function corsHeaders(headers: IncomingHttpHeaders, origins: readonly string[]): Headers {
  const { origin } = headers;
  if (origin === undefined || !origins.includes(origin)) return {};
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed };
}

/**
 * Headers that an `OPTIONS` answer adds for such a page: what it may send, and that it may access a private network.
 */
export function preflightHeaders(headers: IncomingHttpHeaders, cors: Headers, methods: string): Headers {
  if (cors['access-control-allow-origin'] === undefined) return {};
  const asked = headers['access-control-request-headers'];
  return {
    'access-control-allow-methods': methods,
    'access-control-max-age': '600',
    ...(asked !== undefined && /^[A-Za-z0-9, _-]{1,1024}$/.test(asked)
      ? { 'access-control-allow-headers': asked }
      : {}),
    ...(headers['access-control-request-private-network'] === 'true'
      ? { 'access-control-allow-private-network': 'true' }
      : {}),
  };
}

/**
 * Whether a request comes from the gateway's own pages. Browsers send an origin for those too; when a proxy changes
 * `Host`, only `Sec-Fetch-Site` shows that it is the same.
 */
export function isOwnPage({ origin, host, ...others }: IncomingHttpHeaders): boolean {
  if (others['sec-fetch-site'] === 'same-origin') return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
