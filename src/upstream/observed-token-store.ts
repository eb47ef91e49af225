import type { ProviderCode } from '../domain/vocabulary.ts';
import type { Clock } from '../ports/clock.ts';
import type { AccessToken, RequestToken, TokenStore } from '../ports/token-store.ts';
import type { TokenReport } from '../ports/upstream-report.ts';
import type { UpstreamTelemetry } from '../ports/upstream-telemetry.ts';
import { watchCall } from './watch-call.ts';

/** A vault that tells which tokens it has given out. */
export interface ObservedTokenStore {
  readonly tokenStore: TokenStore;
  /** The tokens in force when they were last asked for; expired ones too. */
  reports(): readonly TokenReport[];
}

/**
 * `vault` as one provider uses it. Every mint is told to who follows the calls; of a token nothing is remembered but
 * when it was made and when it ends.
 */
export function observeTokenStore(
  tokenStore: TokenStore,
  provider: ProviderCode,
  clock: Clock,
  telemetry: UpstreamTelemetry,
): ObservedTokenStore {
  const call = { provider, kind: 'token', ledger: null } as const;
  /** By credential: there are as many as the configuration has. */
  const reports = new Map<string, TokenReport>();

  function note<Token extends AccessToken | null>(credential: string, token: Token): Token {
    if (token !== null && reports.get(credential)?.mintedAtMs !== token.mintedAtMs) {
      const { mintedAtMs, expiresAtMs } = token;
      reports.set(credential, { provider, mintedAtMs, expiresAtMs });
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
      async replace(credential, replaced, requestToken) {
        const observedRequest: RequestToken = (signal, refusals) =>
          watchCall(call, () => requestToken(signal, refusals), clock, telemetry);
        return note(credential, await tokenStore.replace(credential, replaced, observedRequest));
      },
    },
    reports: () => [...reports.values()],
  };
}
