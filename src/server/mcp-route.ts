import { HeaderMap } from '@apollo/server';
import { Failure } from '../domain/failure.ts';
import type { McpEndpoint } from '../ports/mcp-endpoint.ts';
import type { OperationAnswer, OperationRequest } from '../ports/operation-runner.ts';
import { askApollo } from './apollo-answer.ts';
import { isOwnPage } from './cors.ts';
import { type GraphQLRoute, isCallerGone, readText, refusalOf } from './graphql-route.ts';
import { metadataUrl } from './protected-resource.ts';
import {
  type Exchange,
  methodNotAllowed,
  type Refusal,
  type Reply,
  sendRefusal,
  sendReply,
} from './reply.ts';
import { parseJsonText } from './request-body.ts';
import { signalOfCaller } from './signal-of-caller.ts';

export interface McpRoute {
  readonly endpoint: McpEndpoint;
  /** Origins whose pages may send messages, besides the gateway's own. */
  readonly corsOrigins: readonly string[];
  /** Whether `/.well-known/oauth-protected-resource` names the issuer of tokens. */
  readonly hasMetadata: boolean;
}

export const mcpMethods = 'POST, OPTIONS';
/** The content type of answers. */
const contentType = 'application/json; charset=utf-8';

/** Answers `POST /mcp`: the Model Context Protocol without sessions. Each tool runs operations as `/graphql` does. */
export async function answerMcp<Context>(
  exchange: Exchange,
  graphql: GraphQLRoute<Context>,
  mcp: McpRoute,
): Promise<void> {
  const { request } = exchange;
  if (!isOriginAllowed(exchange, mcp.corsOrigins)) return sendRefusal(exchange, foreignOrigin);
  if (request.method !== 'POST') return sendRefusal(exchange, noSessions);
  try {
    const caller = await graphql.authenticate(exchange.sentHeaders, exchange.origin);
    await graphql.admit(caller, exchange.origin);
    const callerKey = graphql.callerKey(caller, exchange.origin);
    const body = parseJsonText(await readText(exchange, graphql, callerKey));
    if (Array.isArray(body)) return sendRefusal(exchange, noBatches);
    const signal = signalOfCaller(exchange.response);

    async function run(operation: OperationRequest): Promise<OperationAnswer> {
      try {
        const slot = await graphql.admission.enter(callerKey, signal);
        try {
          const parts = {
            method: 'POST',
            headers: new HeaderMap([['content-type', 'application/json']]),
            search: '',
          };
          const { reply } = await askApollo(exchange, graphql, {
            ...{ parts, caller, body: operation, contentType, signal, slot, reserveStream: null },
          } as const);
          return JSON.parse(String(reply.body));
        } finally {
          slot.release();
        }
      } catch (error) {
        if (!(error instanceof Failure) || error.code === 'CANCELLED') throw error;
        const { code, message, details } = error;
        const { retryAfterSeconds } = details;
        return { errors: [{ message, extensions: { code, retryAfterSeconds } }] };
      }
    }

    const { scopes } = caller;
    const response = await mcp.endpoint.answer({ request: toRequest(exchange), body, scopes, run });
    sendReply(exchange, await toReply(response));
  } catch (error) {
    if (isCallerGone(error)) return;
    const refusal = refusalOf(error, exchange);
    if (refusal === null) throw error;
    sendRefusal(exchange, mcp.hasMetadata ? withMetadata(refusal, exchange) : refusal);
  }
}

/**
 * A page of another site must not use the gateway through a visitor's browser, not even with a host name that resolves
 * to it.
 */
function isOriginAllowed({ request }: Exchange, corsOrigins: readonly string[]): boolean {
  const { origin } = request.headers;
  return origin === undefined || corsOrigins.includes(origin) || isOwnPage(request.headers);
}

/** Converts the request for the protocol's package. Answers are JSON, whatever else the caller would accept. */
function toRequest({ request }: Exchange): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !name.startsWith(':')) headers.set(name, [value].flat().join(', '));
  }
  headers.set('accept', 'application/json, text/event-stream');
  return new Request('http://gateway/mcp', { method: 'POST', headers });
}

async function toReply(response: Response): Promise<Reply> {
  const body = await response.text();
  const type = response.headers.get('content-type');
  return { status: response.status, body, ...(type === null ? {} : { headers: { 'content-type': type } }) };
}

/** Adds the URL of the document that names the issuer of tokens (RFC 9728 section 5.1). */
function withMetadata(refusal: Refusal, exchange: Exchange): Refusal {
  const challenge = refusal.headers?.['www-authenticate'];
  if (challenge === undefined) return refusal;
  const url = metadataUrl(exchange);
  return {
    ...refusal,
    headers: { ...refusal.headers, 'www-authenticate': `${challenge}, resource_metadata="${url}"` },
  };
}

const foreignOrigin: Refusal = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'Pages of this origin may not send messages here. List it in CORS_ORIGINS if it should.',
};

const noSessions = methodNotAllowed(
  mcpMethods,
  'This endpoint keeps no sessions and sends no stream. Send each message with POST.',
);

const noBatches: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'Send one message in each request: the Model Context Protocol has no batches since 2025-06-18.',
};
