import type { AuthConfig } from '../config/config.ts';
import { Failure } from '../domain/failure.ts';
import type { HttpPort } from '../ports/http.ts';
import { type SortedKeys, sortKeys } from '../server/auth/usable-keys.ts';
import { type Finding, note, ok, problem, type Section } from './finding.ts';

/** Examines whether `AUTH` can identify callers; reads the issuer's keys if there is an issuer. */
export async function examineCallers(auth: AuthConfig, http: HttpPort): Promise<Section> {
  return { name: 'Callers', findings: [await toFinding(auth, http)] };
}

async function toFinding(auth: AuthConfig, http: HttpPort): Promise<Finding> {
  switch (auth.mode) {
    case 'none':
      return note('Callers are not authenticated.');
    case 'keys':
      return ok(`AUTH_KEYS has ${auth.keys.length === 1 ? '1 key' : `${auth.keys.length} keys`}.`);
    case 'forwarded':
      return ok(`Routers at ${auth.routers.join(', ')} are trusted to name callers.`);
    case 'jwt':
      return 'secret' in auth.keys
        ? ok('Tokens are checked with AUTH_JWT_SECRET.')
        : issuerKeys(auth.keys.jwksUrl, auth.algorithms, http);
  }
}

async function issuerKeys(url: string, algorithms: readonly string[], http: HttpPort): Promise<Finding> {
  const { host } = new URL(url);
  const remedy = `Open AUTH_JWKS_URL from this machine: it has to answer with a key set ({"keys": [...]}).`;
  let keys: SortedKeys | null;
  try {
    const reply = await http.send({
      name: `The issuer at ${host}`,
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
    });
    if (reply.status !== 200) {
      return problem(`AUTH_JWKS_URL at ${host} answered with HTTP ${reply.status}.`, remedy);
    }
    keys = await sortKeys(JSON.parse(reply.text), algorithms);
  } catch (error) {
    if (error instanceof Failure) return problem(`AUTH_JWKS_URL: ${error.message}`, remedy);
    return problem(`AUTH_JWKS_URL at ${host} did not answer with JSON.`, remedy);
  }
  if (keys === null) return problem(`AUTH_JWKS_URL at ${host} answered without a key set.`, remedy);
  const count = keys.usable.length;
  if (count === 0) {
    return problem(
      `AUTH_JWKS_URL at ${host} has no key for ${algorithms.join(', ')}, so every token will be refused.`,
      'Set AUTH_JWT_ALGORITHMS to what the issuer signs with, or check the address.',
    );
  }
  return ok(`The issuer at ${host} publishes ${count === 1 ? '1 key' : `${count} keys`} that can be used.`);
}
