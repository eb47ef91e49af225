import type { RemoteSource } from '../config/provider-variables.ts';
import type { ConnectedSource } from '../config/providers.ts';
import { Failure } from '../domain/failure.ts';
import { TokenWithheld } from './careful-tokens.ts';
import { type Finding, note, problem, warning } from './finding.ts';
import type { WatchedHttp } from './watched-http.ts';

/** Beyond this difference, one-time codes (30 s) and signatures will be refused sooner or later. */
export const clockMsMax = 15_000;

/** A provider that is being examined. */
export interface ExaminedProvider {
  readonly name: string;
  readonly code: ConnectedSource['code'];
  readonly source: RemoteSource;
  readonly watched: WatchedHttp;
}

/**
 * Explains why a read failed, and what to do. The text continues a sentence that starts with the name of what was read.
 */
export function explain(error: unknown, examined: ExaminedProvider): Finding {
  const { name, code, watched } = examined;
  const call = watched.last();
  if (error instanceof TokenWithheld) return explainWithheld(error, examined);
  if (!(error instanceof Failure)) throw error;
  if (call?.isWebPage) {
    return problem(
      `it answered with a web page (HTTP ${call.status}), not an answer of ${name}'s API.`,
      `A proxy, a firewall or a login page answers instead, or ${code}_BASE_URL leads elsewhere.`,
    );
  }
  const text = error.message;
  switch (error.code) {
    case 'UPSTREAM_AUTH':
      return problem(text, authRemedy(examined));
    case 'UPSTREAM_RATE_LIMITED':
    case 'UPSTREAM_BUDGET_EXHAUSTED':
      return warning(text, waitRemedy(error));
    case 'UPSTREAM_SHAPE':
      return problem(
        text,
        `${name} answers in a way this gateway does not know. Look for a newer version of the gateway.`,
      );
    case 'UPSTREAM_TIMEOUT':
      return problem(text, `Try again later, or raise REQUEST_TIMEOUT_MS if ${name} is always this slow.`);
    case 'UPSTREAM_UNAVAILABLE':
      return problem(text, `Try again later; if it persists, contact ${name}.`);
    default:
      return problem(text);
  }
}

function explainWithheld({ reason }: TokenWithheld, { name, watched }: ExaminedProvider): Finding {
  if (reason === 'MAY_END_ANOTHER') {
    return note(
      'not asked. This requires a new token, which may invalidate the one in use.',
      'To ask nevertheless: npm run doctor -- --new-token',
    );
  }
  const status = watched.last()?.status ?? 0;
  if (status === 403 && reason === 'PROVEN_REFUSED') {
    return problem(
      'forbidden (HTTP 403), with a token that worked for other reads.',
      `The key is right, but has no permission for this. Ask ${name} to enable it.`,
    );
  }
  const token = reason === 'NEW_REFUSED' ? 'a new token' : 'a token that worked for other reads';
  return problem(
    `refused (HTTP ${status}), with ${token}.`,
    'Check that this key has access to this, its IP allow-list, and that nothing else requests tokens with it.',
  );
}

/** A wrong clock is reported first, because nothing else can be diagnosed before it is right. */
function authRemedy({ name, code, source, watched }: ExaminedProvider): string {
  const aheadMs = watched.clockAheadMs();
  if (aheadMs !== null && Math.abs(aheadMs) > clockMsMax) {
    return `Set the clock of this machine first: it is ${clockText(aheadMs)}, and codes and signatures depend on it.`;
  }
  const environment = source.environment === 'PRODUCTION' ? 'live data' : 'a sandbox';
  return `${code}_BASE_URL is taken for ${environment} of ${name}: a key of another environment is refused there just like a wrong one.`;
}

function waitRemedy({ details }: Failure): string {
  const seconds = details.retryAfterSeconds;
  const when = seconds === undefined ? 'Wait a minute' : `Wait ${seconds} s`;
  return `${when} and try again. If it stays so, something else uses up the calls of this key.`;
}

/** For example `12 minutes ahead`. */
export function clockText(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  const amount = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return `${amount} ${aheadMs > 0 ? 'ahead' : 'behind'}`;
}
