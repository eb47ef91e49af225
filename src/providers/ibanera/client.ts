import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { ProviderParts } from '../../ports/provider.ts';
import type { ReadContext, ReadIdentity, Reading, Route } from '../../ports/upstream.ts';
import { credentialDigest } from '../shared/credential-digest.ts';
import { toUrl } from '../shared/to-url.ts';
import type { IbaneraConfig } from './config.ts';
import { type Envelope, parseEnvelope } from './envelope.ts';
import { toRefusal } from './failures.ts';
import { createOneTimeCodes } from './one-time-codes.ts';
import { createSession, type SessionCall } from './session.ts';

/** What a parser of replies gets in addition to the envelope. */
export interface ReplyContext {
  /** `Ibanera GET /api/v1/customer/accounts/balances`, for messages. */
  readonly name: string;
  readonly details: FailureDetails;
}

/** One read of Ibanera. */
export interface IbaneraRead<T> {
  readonly kind: 'balances' | 'transactions';
  readonly route: Route;
  readonly query: Readonly<Record<string, string>>;
  /** Turns a successful envelope into plain data. */
  parse(envelope: Envelope, reply: ReplyContext): T;
  /** The value that a rejection stands for; undefined lets the read fail. */
  readonly ofRejection?: () => T | undefined;
}

/** Reads Ibanera with one credential. */
export interface IbaneraClient {
  /** Digest of its credentials. */
  readonly credential: string;
  read<T>(read: IbaneraRead<T>, context: ReadContext): Promise<Reading<T>>;
}

export type IbaneraParts = Pick<ProviderParts, 'http' | 'upstream' | 'clock' | 'tokens'>;

const source = { provider: 'IBANERA', ledger: 'ASSET' } as const;

/** Throws TypeError naming IBANERA_TOTP_SECRET if it is not base32. */
export function createIbaneraClient(config: IbaneraConfig, parts: IbaneraParts): IbaneraClient {
  const { baseUrl, username, password, totpSecret, environment, codesAreSingleUse = false } = config;
  const { http, upstream, clock, tokens: tokenStore } = parts;
  // Includes all three: correcting one of them must not wait out the back-off that the wrong one caused.
  const digest = credentialDigest('IBANERA', environment, username, JSON.stringify([password, totpSecret]));
  const codes = createOneTimeCodes(totpSecret, codesAreSingleUse, clock);
  const session = createSession({ baseUrl, username, password, http, clock, digest, tokenStore, codes });

  async function attempt<T>(
    read: IbaneraRead<T>,
    retryState: { lateCodeSeen: boolean },
    call: SessionCall,
    onStatus?: (httpStatus: number) => void,
  ): Promise<T> {
    const { signal } = call;
    const { method, path } = read.route;
    const name = `Ibanera ${method} ${path}`;
    const token = await session.current(call);
    const blockedBy = codes.blockedBy(call.deadlineMs);
    if (blockedBy !== null) throw blockedBy;
    const { reply, code } = await codes.send(signal, async (code) => {
      const url = toUrl(baseUrl, path, read.query);
      const headers = { accept: 'application/json', authorization: `Bearer ${token.text}`, otp: code.text };
      return { reply: await http.send({ name, provider: 'IBANERA', method, url, headers, signal }), code };
    });
    onStatus?.(reply.status);
    const details = { ...source, upstreamStatus: reply.status, retryable: false };
    if (reply.status >= 200 && reply.status <= 299) {
      const envelope = parseEnvelope(reply, name, details);
      if (envelope.isSuccess) {
        session.accepted(token, call);
        codes.taken(code, token.text);
        return read.parse(envelope, { name, details });
      }
    }
    const { failure, passRefused, isProvidersOwn } = toRefusal(reply, name, clock.now());
    if (passRefused) {
      const again = new Failure('UPSTREAM_AUTH', failure.message, { ...failure.details, retryable: true });
      // The code's step may have ended on the way: a fresh code costs less than a login. It is tried once.
      if (!retryState.lateCodeSeen && codes.step() > code.step) {
        retryState.lateCodeSeen = true;
        throw again;
      }
      if (codes.refused(code, token.text, failure)) throw again;
      if (await session.renew(token, failure, call)) throw again;
    } else if (failure.code === 'UPSTREAM_REJECTED' && isProvidersOwn) {
      session.accepted(token, call);
      const value = read.ofRejection?.();
      if (value !== undefined) return value;
    }
    throw failure;
  }

  return {
    credential: digest,
    read(read, context) {
      const { kind, route, query } = read;
      const identity: ReadIdentity = {
        ...{ provider: 'IBANERA', environment, credential: digest, onBehalfOf: null },
        ...{ ...route, query, body: null },
      };
      const retryState = { lateCodeSeen: false };
      const { deadlineMs = Number.POSITIVE_INFINITY } = context;
      return upstream.read(
        {
          identity,
          route,
          kind,
          ledger: source.ledger,
          attempt: (signal, onStatus) => attempt(read, retryState, { kind, signal, deadlineMs }, onStatus),
        },
        context,
      );
    },
  };
}
