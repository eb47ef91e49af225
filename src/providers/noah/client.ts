import type { CancelSignal } from '../../domain/cancellation.ts';
import type { FailureDetails } from '../../domain/failure.ts';
import type { ProviderParts } from '../../ports/provider.ts';
import type { ReadContext, ReadIdentity, Reading, Route } from '../../ports/upstream.ts';
import { credentialDigest } from '../shared/credential-digest.ts';
import { parseBody } from '../shared/parse-body.ts';
import { routePath } from '../shared/route-path.ts';
import { toUrl } from '../shared/to-url.ts';
import type { NoahConfig } from './config.ts';
import { providerName, toVerdict } from './failures.ts';
import { createSigner } from './signer.ts';

/** What a parser of replies gets in addition to the JSON. */
export interface ReplyContext {
  /** `NOAH GET /balances`, for messages. */
  readonly name: string;
  readonly details: FailureDetails;
}

/** One read of NOAH. */
export interface NoahRead<T> {
  readonly kind: 'balances' | 'transactions';
  readonly route: Route;
  /** Values of the route's placeholders. */
  readonly pathValues?: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Turns the reply's JSON into plain data. */
  parse(json: unknown, reply: ReplyContext): T;
  /** The value that HTTP 404 stands for; without it a 404 fails. */
  readonly ofNotFound?: T;
}

/** Reads NOAH with one credential. */
export interface NoahClient {
  /** Digest of its credentials. */
  readonly credential: string;
  read<T>(read: NoahRead<T>, context: ReadContext): Promise<Reading<T>>;
}

export type NoahParts = Pick<ProviderParts, 'http' | 'upstream' | 'clock'>;

const source = { provider: 'NOAH', ledger: 'CURRENT' } as const;
/** Throws TypeError naming NOAH_SIGNING_KEY if it is not a usable key. */
export function createNoahClient(config: NoahConfig, { http, upstream, clock }: NoahParts): NoahClient {
  const { baseUrl, apiKey, signingKeyPem, environment } = config;
  const signer = signingKeyPem === null ? null : createSigner(signingKeyPem);
  const credential = credentialDigest('NOAH', environment, 'api-key', apiKey);
  const basePath = new URL(baseUrl).pathname.replace(/\/+$/, '');

  async function attempt<T>(
    read: NoahRead<T>,
    signal: CancelSignal,
    onStatus?: (httpStatus: number) => void,
  ): Promise<T> {
    const { route, pathValues, query, ofNotFound } = read;
    const { method } = route;
    const path = routePath(route, pathValues);
    const name = `NOAH ${method} ${path}`;
    // Signed for each attempt: a signature may be valid only once (reference section 2.1).
    const signature = await signer?.sign({ method, path: `${basePath}${path}`, query }, clock.now());
    const reply = await http.send({
      name,
      provider: 'NOAH',
      method,
      url: toUrl(baseUrl, path, query),
      headers: {
        accept: 'application/json',
        'x-api-key': apiKey,
        ...(signature === undefined ? {} : { 'api-signature': signature }),
      },
      signal,
    });
    onStatus?.(reply.status);
    if (reply.status < 200 || reply.status > 299) {
      const { failure, isProvidersOwn } = toVerdict(reply, name, clock.now());
      if (reply.status === 404 && isProvidersOwn && ofNotFound !== undefined) return ofNotFound;
      throw failure;
    }
    const details = { ...source, upstreamStatus: reply.status, retryable: false };
    return read.parse(parseBody(reply, { name, providerName }, details), { name, details });
  }

  return {
    credential,
    read(read, context) {
      const { kind, route, pathValues, query } = read;
      const identity: ReadIdentity = {
        ...{ provider: 'NOAH', environment, credential, onBehalfOf: null },
        ...{ method: route.method, path: routePath(route, pathValues), query, body: null },
      };
      const { ledger } = source;
      return upstream.read(
        { identity, route, kind, ledger, attempt: (signal, onStatus) => attempt(read, signal, onStatus) },
        context,
      );
    },
  };
}
