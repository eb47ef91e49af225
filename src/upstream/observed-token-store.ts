import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { AccessToken, RequestToken, TokenStore } from '../ports/token-store.ts';
import type { TokenReport } from '../ports/upstream-report.ts';
import type { UpstreamTelemetry } from '../ports/upstream-telemetry.ts';
import { watchCall } from './watch-call.ts';

/** A token store that reports the tokens it has returned. */
export interface ObservedTokenStore {
  readonly tokenStore: TokenStore;
  /** The last token returned for each credential, including expired ones. */
  reports(): readonly TokenReport[];
}

/**
 * Wraps `tokenStore` for one provider: traces and counts every token request, and keeps when each token was issued and
 * when it expires, but not the token itself.
 */
export function observeTokenStore(
  tokenStore: TokenStore,
  provider: ProviderCode,
  clock: Clock,
  telemetry: UpstreamTelemetry,
): ObservedTokenStore {
  const call = { provider, kind: 'token', ledger: null } as const;
  /** By credential; bounded by the number of configured credentials. */
  const reports = new Map<string, TokenReport>();

  function note<Token extends AccessToken | null>(credential: string, token: Token): Token {
    if (token !== null && reports.get(credential)?.issuedAtMs !== token.issuedAtMs) {
      const { issuedAtMs, expiresAtMs } = token;
      reports.set(credential, { provider, issuedAtMs, expiresAtMs });
    }
    return token;
  }

  return {
    tokenStore: {
      get(credential) {
        const held = tokenStore.get(credential);
        return held instanceof Promise
          ? held.then((token) => note(credential, token))
          : note(credential, held);
      },
      async replace(credential, replaced, requestToken, isEarly) {
        const observedRequest: RequestToken = (signal, refusals) =>
          watchCall(call, () => requestToken(signal, refusals), clock, telemetry);
        return note(credential, await tokenStore.replace(credential, replaced, observedRequest, isEarly));
      },
      accepted: (credential, token) => tokenStore.accepted?.(credential, token),
    },
    reports: () => [...reports.values()],
  };
}
