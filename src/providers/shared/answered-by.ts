import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { HttpReply } from '../../ports/http.ts';

/** Where a call went. */
export interface CallTo {
  /** `NOAH GET /balances`, for messages. */
  readonly name: string;
  /** The provider's name for people. */
  readonly providerName: string;
}

/** How a provider writes its errors. */
export interface ErrorBodies {
  /** Whether a JSON object is an error as the provider documents it. */
  isErrorBody(body: object): boolean;
  /** Statuses whose bodies are not documented: anything but a web page may be the provider's own. */
  readonly freeFormStatuses: ReadonlySet<number>;
}

/** Longer error bodies are none of a provider's. */
const errorTextMax = 65_536;

/** No body, or JSON without anything in it. */
const saysNothing = /^\s*(?:null|\{\s*\})?\s*$/;

/**
 * Whether a reply without success is the provider's own word. A web page, or a body that is no error as the provider
 * documents it, is that of a proxy or firewall on the way, whatever its status says. Without a body the status speaks.
 */
export function isProvidersOwn(reply: HttpReply, { isErrorBody, freeFormStatuses }: ErrorBodies): boolean {
  if (reply.unreadable !== undefined) return false;
  if (saysNothing.test(reply.text)) return true;
  const body = parseErrorBody(reply);
  if (body !== null && isErrorBody(body)) return true;
  return freeFormStatuses.has(reply.status) && !isWebPage(reply);
}

/** The JSON object of an error; null for anything else. Error bodies hold no amounts, so that plain JSON does. */
export function parseErrorBody({ text }: HttpReply): object | null {
  if (text.length > errorTextMax) return null;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : null;
  } catch {
    return null;
  }
}

/** Whether a body is written for a browser; JSON never begins like that. */
export function isWebPage({ text, headers }: HttpReply): boolean {
  return /\bx?html\b/i.test(headers['content-type'] ?? '') || text.trimStart().startsWith('<');
}

/** UPSTREAM_UNAVAILABLE: the provider was not reached, and has not decided anything. */
export function betweenFailure(
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

/** Content types that are called by their name; nothing else of a header gets into a message. */
const knownTypes =
  /^(?:text\/(?:html|plain|xml|css|javascript)|application\/(?:xhtml\+xml|xml|json|problem\+json|octet-stream|pdf))$/;

function kindOf({ headers }: HttpReply): string {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === '') return 'without a content type';
  return knownTypes.test(type) ? type : 'another content type';
}
