import { randomUUID } from 'node:crypto';
import type { CancelSignal } from '../../domain/cancellation.ts';
import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpPort, HttpReply } from '../../ports/http.ts';
import type { ParsedReplyCache } from '../../ports/parsed-reply-cache.ts';
import type { ProviderLog } from '../../ports/provider-log.ts';
import type { AccessToken } from '../../ports/token-store.ts';
import type {
  ReadContext,
  ReadIdentity,
  Reading,
  Route,
  UpstreamPort,
  UpstreamRead,
} from '../../ports/upstream.ts';
import { parseBody } from '../shared/parse-body.ts';
import { routePath } from '../shared/route-path.ts';
import { toUrl } from '../shared/to-url.ts';
import { notingUnreadable } from '../shared/unreadable-fields.ts';
import type { UqpayConfig, UqpayCredential, UqpayFamily } from './config.ts';
import { accountNotFound, providerName, type Refusal, toRefusal } from './failures.ts';
import type { TokenSource } from './token.ts';

/** What a parser of replies gets in addition to the JSON. */
export interface ReplyContext {
  /** `UQPAY GET /v1/balances`, for messages. */
  readonly name: string;
  readonly details: FailureDetails;
  readonly token: AccessToken;
}

/** One read of UQPAY. */
export interface UqpayRead<T> {
  readonly kind: UpstreamRead<T>['kind'];
  readonly route: Route;
  /** Values of the route's placeholders. */
  readonly pathValues?: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Null for the master account. */
  readonly onBehalfOf: string | null;
  /** Turns the reply's JSON into plain data. */
  parse(json: unknown, reply: ReplyContext): T;
  /** The value that a rejection stands for; undefined lets the read fail. */
  readonly ofRejection?: (refusal: Refusal) => T | undefined;
  /** The list that the row is on: a cached read of the list answers this read too. */
  readonly partOf?: ListOfRow<T>;
}

/** A page of a list, and how to find the value of a single read on it; undefined if the page does not show it. */
export interface ListOfRow<T> {
  readonly route: Route;
  readonly query: Readonly<Record<string, string>>;
  pick(page: unknown): T | undefined;
}

/** Reads UQPAY with one credential, for one business line or for Account Center. */
export interface UqpayClient {
  read<T>(read: UqpayRead<T>, context: ReadContext): Promise<Reading<T>>;
}

export interface UqpayClientOptions {
  readonly config: UqpayConfig;
  readonly family: UqpayFamily;
  readonly ledger: Ledger | null;
  readonly credential: UqpayCredential;
  /** Digest of the credential. */
  readonly digest: string;
  readonly tokens: TokenSource;
  readonly http: HttpPort;
  readonly upstream: UpstreamPort;
  readonly clock: Clock;
  readonly replies: ParsedReplyCache;
  readonly log: ProviderLog | undefined;
}

export function createUqpayClient(options: UqpayClientOptions): UqpayClient {
  const { config, family, ledger, credential, digest, tokens, http, upstream, clock, replies, log } = options;
  const source = { provider: 'UQPAY', ...(ledger === null ? {} : { ledger }) } as const;

  async function attempt<T>(
    read: UqpayRead<T>,
    signal: CancelSignal,
    onStatus?: (httpStatus: number) => void,
  ): Promise<T> {
    const { method } = read.route;
    const path = routePath(read.route, read.pathValues);
    const name = `UQPAY ${method} ${path}`;
    const held = tokens.current(signal);
    const token = held instanceof Promise ? await held : held;
    const url = toUrl(config.baseUrl, path, read.query);
    const reply = await http.send({
      name,
      provider: 'UQPAY',
      method,
      url,
      headers: toHeaders(read, credential, token),
      ...(read.body === undefined ? {} : { body: read.body }),
      signal,
    });
    onStatus?.(reply.status);
    if (reply.status >= 200 && reply.status <= 299) {
      const details = { ...source, upstreamStatus: reply.status, retryable: false };
      const noted = (field: string) => log?.unreadable({ provider: 'UQPAY', ledger, field });
      const make = () => {
        const json = parseBody(reply, { name, providerName }, details);
        return notingUnreadable(noted, () => read.parse(json, { name, details, token }));
      };
      // The value of accounts also depends on the token, and their text holds personal data, which is not kept.
      const isKept = read.kind !== 'accounts' && method === 'GET';
      const value = isKept ? replies.read(`${digest} ${read.onBehalfOf} ${url}`, reply, make) : make();
      tokens.accepted(token, family);
      return value;
    }
    return refused(read, reply, name, token, signal);
  }

  async function refused<T>(
    read: UqpayRead<T>,
    reply: HttpReply,
    name: string,
    token: AccessToken,
    signal: CancelSignal,
  ): Promise<T> {
    const refusal = toRefusal(reply, { family, name, onBehalfOf: read.onBehalfOf, nowMs: clock.now() });
    const { failure, tokenRefused, isProvidersOwn } = refusal;
    if (tokenRefused && (await tokens.renew(token, family, signal))) {
      throw new Failure('UPSTREAM_AUTH', failure.message, { ...failure.details, retryable: true });
    }
    const isRejected = failure.code === 'UPSTREAM_REJECTED' && isProvidersOwn;
    if (isRejected || failure.code === 'ACCOUNT_NOT_FOUND') tokens.accepted(token, family);
    if (isRejected) {
      const value = read.ofRejection?.(refusal);
      if (value !== undefined) return value;
    }
    throw failure;
  }

  return {
    read(read, context) {
      const { kind, route, pathValues, query, body = null, onBehalfOf } = read;
      if (onBehalfOf !== null && !isAccountId(onBehalfOf)) {
        return Promise.reject(accountNotFound(onBehalfOf, source));
      }
      const { environment } = config;
      const identity: ReadIdentity = {
        provider: 'UQPAY',
        environment,
        credential: digest,
        onBehalfOf,
        method: route.method,
        path: routePath(route, pathValues),
        query,
        body,
      };
      const asked = {
        identity,
        route,
        kind,
        ledger,
        attempt: (signal: CancelSignal, onStatus?: (httpStatus: number) => void) =>
          attempt(read, signal, onStatus),
        ...(read.partOf && { partOf: { ...read.partOf, identity: wholeOf(identity, read.partOf) } }),
      };
      return upstream.read(asked, context);
    },
  };
}

/** Identity of the list that a single row is on. */
function wholeOf(identity: ReadIdentity, { route, query }: ListOfRow<unknown>): ReadIdentity {
  return { ...identity, method: route.method, path: routePath(route), query, body: null };
}

/**
 * Whether a text can be sent as an account id, in a header and as a path segment: visible ASCII, and neither `.` nor
 * `..`. Sources disagree on what an id looks like, so UQPAY decides (reference section 11.2).
 */
export function isAccountId(text: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(text) && text !== '.' && text !== '..';
}

function toHeaders(
  read: UqpayRead<unknown>,
  credential: UqpayCredential,
  token: AccessToken,
): Record<string, string> {
  return {
    accept: 'application/json',
    'x-auth-token': `Bearer ${token.text}`,
    'x-client-id': credential.clientId,
    // A repeated key replays an answer up to 24 hours old (reference section 2.2).
    ...(takesIdempotencyKey(read) ? { 'x-idempotency-key': randomUUID() } : {}),
    ...(read.onBehalfOf === null ? {} : { 'x-on-behalf-of': read.onBehalfOf }),
    ...(read.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
}

/** Whether a key is documented for a route; for others, newer sources want none (reference sections 2.2 and 11.2). */
function takesIdempotencyKey({ route }: UqpayRead<unknown>): boolean {
  return route.method === 'POST' || route.path.startsWith('/v2/payment/');
}
