import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';

/** The call that a reply answers. */
export interface CallTo {
  /** `NOAH GET /balances`, for messages. */
  readonly name: string;
  /** Display name of the provider. */
  readonly providerName: string;
}

/** How a provider writes its errors. */
export interface ErrorBodies {
  /** Whether a JSON object is an error as the provider documents it. */
  isErrorBody(body: object): boolean;
  /** Statuses whose bodies are not documented: any body but a web page may be the provider's. */
  readonly freeFormStatuses: ReadonlySet<number>;
}

/** Longest error body that is parsed, in characters; no provider's error is longer. */
const errorTextMax = 65_536;

/** An empty body, or JSON without content. */
const saysNothing = /^\s*(?:null|\{\s*\})?\s*$/;

/**
 * Whether an unsuccessful reply comes from the provider itself. A web page, or a body that is not an error as the
 * provider documents it, comes from a proxy or firewall on the way, whatever its status. A reply without a body counts
 * as the provider's.
 */
export function isProvidersOwn(reply: HttpReply, { isErrorBody, freeFormStatuses }: ErrorBodies): boolean {
  if (reply.unreadable !== undefined) return false;
  if (saysNothing.test(reply.text)) return true;
  const body = parseErrorBody(reply);
  if (body !== null && isErrorBody(body)) return true;
  return freeFormStatuses.has(reply.status) && !isWebPage(reply);
}

/** The JSON object of an error; null for anything else. Plain JSON parsing will do: error bodies hold no amounts. */
export function parseErrorBody({ text }: HttpReply): object | null {
  if (text.length > errorTextMax) return null;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : null;
  } catch {
    return null;
  }
}

/** Whether a body is a web page; JSON never begins like one. */
export function isWebPage({ text, headers }: HttpReply): boolean {
  return /\bx?html\b/i.test(headers['content-type'] ?? '') || text.trimStart().startsWith('<');
}

/** UPSTREAM_UNAVAILABLE: something else answered, so the provider has not decided anything. */
export function notFromProviderFailure(
  reply: HttpReply,
  { name, providerName }: CallTo,
  details: FailureDetails,
): Failure {
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    `${name}: something between here and ${providerName} answered (${kindOf(reply)}), with HTTP ${reply.status}. ` +
      'Check proxies, firewalls and sign-in pages on the way.',
    { ...details, upstreamStatus: reply.status, retryable: true, notFromProvider: true },
  );
}

/** Content types that messages may name; nothing else of a header gets into a message. */
const knownTypes =
  /^(?:text\/(?:html|plain|xml|css|javascript)|application\/(?:xhtml\+xml|xml|json|problem\+json|octet-stream|pdf))$/;

function kindOf({ headers }: HttpReply): string {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === '') return 'without a content type';
  return knownTypes.test(type) ? type : 'another content type';
}
