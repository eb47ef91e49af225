import { type Answer, jsonAnswer, RefusedCall } from '../shared/answers.ts';
import { accountRoutes } from './account-routes.ts';
import { authenticationError, limiterError, numericError, typedError } from './answers.ts';
import { balanceRoutes } from './balance-routes.ts';
import { IdempotencyStore, isIdempotencyKey } from './idempotency.ts';
import { MinuteLimiter } from './rate-limit.ts';
import { rateRoutes } from './rate-routes.ts';
import type { Operation, Route } from './route.ts';
import { type AccountHolding, businessCodeOfLine, type Store } from './store.ts';
import { TokenBook } from './tokens.ts';
import { transactionRoutes } from './transaction-routes.ts';

/** A received request, below the API base. Absent headers are null. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authToken: string | null;
  readonly clientId: string | null;
  readonly apiKey: string | null;
  readonly onBehalfOf: string | null;
  readonly idempotencyKey: string | null;
  readonly contentType: string;
  readonly body: string;
}

/** Who may call, and how often. */
export interface ApiSettings {
  readonly clientId: string;
  readonly apiKey: string;
  readonly tokenLifetimeSeconds: number;
  readonly now: () => number;
  retryAfter: boolean;
}

// The transaction list comes first, because the path of a single balance would match it too.
const routes: readonly Route[] = [...transactionRoutes, ...balanceRoutes, ...rateRoutes, ...accountRoutes];

/** UQPAY's API as a function from request to answer: no sockets, no faults, no delays. */
export class Api {
  readonly store: Store;
  readonly settings: ApiSettings;
  readonly tokens = new TokenBook();
  readonly callLimiter: MinuteLimiter;
  readonly tokenLimiter: MinuteLimiter;
  /** Called before each data call is answered. */
  beforeEachCall: ((request: ApiRequest) => void) | null = null;
  readonly #idempotency = new IdempotencyStore();

  constructor(
    store: Store,
    settings: ApiSettings,
    limits: { perMinute: number | null; tokenPerMinute: number | null },
  ) {
    this.store = store;
    this.settings = settings;
    this.callLimiter = new MinuteLimiter(limits.perMinute);
    this.tokenLimiter = new MinuteLimiter(limits.tokenPerMinute);
  }

  answer(request: ApiRequest): Answer {
    try {
      if (request.path === '/v1/connect/token') return this.#issueToken(request);
      return this.#data(request);
    } catch (error) {
      if (error instanceof RefusedCall) return error.answer;
      throw error;
    }
  }

  /** Reference section 1.2. */
  #issueToken(request: ApiRequest): Answer {
    if (request.method !== 'POST') return numericError(405, 'method not allowed');
    const nowMs = this.settings.now();
    const waitSeconds = this.tokenLimiter.take(nowMs);
    if (waitSeconds !== null) return limiterError(this.settings.retryAfter ? waitSeconds : null);
    if (request.clientId !== this.settings.clientId) return numericError(400, 'Invalid client id');
    if (request.apiKey !== this.settings.apiKey) {
      return jsonAnswer(403, '{"error":"Forbidden","message":"this key is forbidden here"}');
    }
    const master = this.store.holding(this.store.masterAccountId).record;
    const token = this.tokens.issue({
      nowMs,
      lifetimeSeconds: this.settings.tokenLifetimeSeconds,
      singleLiveToken: this.store.behaviour.singleLiveToken,
      tokenClaims: this.store.behaviour.tokenClaims,
      entityId: master.account_id,
      shortEntityId: master.short_reference_id,
      clientId: this.settings.clientId,
    });
    return jsonAnswer(200, JSON.stringify(token));
  }

  #data(request: ApiRequest): Answer {
    const found = findRoute(request.path);
    if (found === null) return numericError(404, 'path not found');
    const { route, pathWords } = found;
    const operation = Object.hasOwn(route.methods, request.method)
      ? route.methods[request.method]
      : undefined;
    if (operation === undefined) return numericError(405, 'method not allowed');

    this.beforeEachCall?.(request);
    const nowMs = this.settings.now();
    this.#authenticate(request, route.line, nowMs);
    const waitSeconds = this.callLimiter.take(nowMs);
    if (waitSeconds !== null) return limiterError(this.settings.retryAfter ? waitSeconds : null);
    const holding = this.#subject(request, route.line);

    const { contentType, body, query } = request;
    const run = () =>
      operation.answer({ store: this.store, holding, pathWords, query, contentType, body, nowMs });
    return this.#withIdempotency(request, operation, nowMs, run);
  }

  /** `Bearer ` is required (section 1.3). Account Center refuses with 403 where the other lines answer 401. */
  #authenticate({ authToken, clientId }: ApiRequest, line: Route['line'], nowMs: number): void {
    if (line === 'accounts') {
      const isAbsent = clientId === null || clientId === '';
      if (isAbsent && this.store.behaviour.accountsClientIdRequired) {
        throw new RefusedCall(numericError(403, 'x-client-id or email cannot be empty'));
      }
      if (
        (!isAbsent && clientId !== this.settings.clientId) ||
        this.#tokenTrouble(authToken, nowMs) !== null
      ) {
        throw new RefusedCall(numericError(403, 'Authorization error'));
      }
      return;
    }
    const trouble = this.#tokenTrouble(authToken, nowMs);
    if (trouble !== null) throw new RefusedCall(authenticationError(trouble));
  }

  #tokenTrouble(authToken: string | null, nowMs: number): string | null {
    const token = /^Bearer ([^ ]+)$/.exec(authToken ?? '')?.[1];
    if (token === undefined) return 'invalid auth token format';
    const standing = this.tokens.standing(token, nowMs);
    if (standing === 'live') return null;
    return standing === 'expired' ? 'token has expired' : 'invalid auth token';
  }

  /** The account whose data the call reads (section 3.3). */
  #subject({ onBehalfOf }: ApiRequest, line: Route['line']): AccountHolding {
    const master = this.store.holding(this.store.masterAccountId);
    if (onBehalfOf === null) return master;
    if (line === 'accounts') {
      throw new RefusedCall(numericError(400, 'x-on-behalf-of is not supported on this endpoint'));
    }
    if (onBehalfOf === '' && this.store.behaviour.emptyOnBehalfOf === 'master') return master;
    const holding = this.store.accountNamed(onBehalfOf);
    if (
      holding === undefined ||
      holding === master ||
      holding.record.status !== 'ACTIVE' ||
      !holding.record.business_code.includes(businessCodeOfLine[line])
    ) {
      throw new RefusedCall(
        typedError(400, 'account_error', 'sub_account_not_found', 'sub account not found'),
      );
    }
    return holding;
  }

  /** A repeated key gets the first answer for 24 hours; a key of another request gets a 400 (section 2.2). */
  #withIdempotency(
    request: ApiRequest,
    { idempotencyKey: rule }: Operation,
    nowMs: number,
    run: () => Answer,
  ): Answer {
    const key = request.idempotencyKey;
    const required =
      rule === 'required' ||
      (rule === 'required-by-behaviour' && this.store.behaviour.paymentIdempotencyKeyRequired);
    if (key === null || !isIdempotencyKey(key)) {
      if (!required) return run();
      throw new RefusedCall(
        typedError(400, 'idempotency_error', 'idempotency_error', 'x-idempotency-key must be a UUID v4'),
      );
    }
    const fingerprint = fingerprintRequest(request);
    const kept = this.#idempotency.recall(key, fingerprint, nowMs);
    if (kept === 'mismatch') {
      throw new RefusedCall(
        typedError(400, 'idempotency_error', 'idempotency_error', 'this key was used for another request'),
      );
    }
    if (kept !== null) return kept;
    const answer = answerOf(run);
    this.#idempotency.keep(key, fingerprint, answer, nowMs);
    return answer;
  }
}

function answerOf(run: () => Answer): Answer {
  try {
    return run();
  } catch (error) {
    if (error instanceof RefusedCall) return error.answer;
    throw error;
  }
}

function fingerprintRequest({ method, path, query, onBehalfOf, body }: ApiRequest): string {
  const sorted = new URLSearchParams(query);
  sorted.sort();
  return JSON.stringify([method, path, sorted.toString(), onBehalfOf, body]);
}

function findRoute(path: string): { readonly route: Route; readonly pathWords: readonly string[] } | null {
  for (const route of routes) {
    const match = route.path.exec(path);
    if (match === null) continue;
    try {
      return { route, pathWords: match.slice(1).map((word) => decodeURIComponent(word)) };
    } catch {
      return null;
    }
  }
  return null;
}
