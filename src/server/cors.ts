import type { IncomingHttpHeaders } from 'node:http';

type Headers = Readonly<Record<string, string>>;

/** What a page may read of an answer's headers, beside those that every page may. */
const exposed = 'age, retry-after, x-request-id, x-upstream-report';

/** Headers that let a page of one of `origins` read the answer; none for any other page. */
export function corsHeaders(headers: IncomingHttpHeaders, origins: readonly string[]): Headers {
  const { origin } = headers;
  if (origin === undefined || !origins.includes(origin)) return {};
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed };
}

/** What an `OPTIONS` answer adds for such a page: what it may send, and that this machine may be asked. */
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

/** Browsers name the origin for the gateway's own pages too, and where a proxy changes `Host`, only they know it is the same. */
export function isOwnPage({ origin, host, ...others }: IncomingHttpHeaders): boolean {
  if (others['sec-fetch-site'] === 'same-origin') return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
