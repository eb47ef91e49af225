import { type Caller, parseGrant, scopes } from '../../domain/caller.ts';
import type { AddressList } from '../../domain/ip-address.ts';
import type { Authenticate, RequestHeaders } from './authenticator.ts';
import { invalidCredential } from './credential.ts';

/** Which routers may identify callers, and in which headers. */
export interface ForwardedRules {
  /** Routers that authenticate callers themselves. No other peer may identify a caller. */
  readonly routers: AddressList;
  /** Names in lower case. */
  readonly headers: {
    readonly subject: string;
    /** Words separated by blanks. */
    readonly scopes: string;
    /** Grants in the notation of `AccountGrant`, separated by blanks. */
    readonly accounts: string;
  };
}

// No commas: a proxy joins a repeated header with one, and only one of the values may come from the router.
const oneWord = /^[\x21-\x2b\x2d-\x7e]{1,512}$/;
const words = /^[\x20-\x2b\x2d-\x7e]*$/;

/**
 * Authenticates callers by the headers of a trusted router. What counts is the connection's peer, never
 * `X-Forwarded-For`: that names the router's client, not the sender of these headers.
 */
export function createForwardedAuthenticator({ routers, headers: names }: ForwardedRules): Authenticate {
  return async (headers, { peer }): Promise<Caller> => {
    if (!routers.has(peer)) {
      throw invalidCredential(
        'Ask through the router: this connection is from none whose word on the caller is taken.',
      );
    }
    const subject = textOf(headers, names.subject);
    if (!oneWord.test(subject)) {
      throw invalidCredential(
        `The header "${names.subject}" must name one caller in 1 to 512 visible ASCII characters without blanks and commas.`,
      );
    }
    const scopeWords = wordsOf(headers, names.scopes);
    return {
      subject,
      scopes: scopes.filter((known) => scopeWords.includes(known)),
      grants: wordsOf(headers, names.accounts).flatMap((text) => parseGrant(text) ?? []),
    };
  };
}

function wordsOf(headers: RequestHeaders, name: string): readonly string[] {
  const text = textOf(headers, name);
  if (!words.test(text)) {
    throw invalidCredential(
      `The header "${name}" must be words of visible ASCII with blanks between them, without commas.`,
    );
  }
  return text.split(' ');
}

/** Empty when the header was not sent. */
function textOf(headers: RequestHeaders, name: string): string {
  const value = headers[name] ?? '';
  if (typeof value === 'string') return value;
  throw invalidCredential(
    `The header "${name}" was sent more than once. The router must replace what callers send.`,
  );
}
