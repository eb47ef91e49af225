import type { AuthConfig } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import type { Variables } from './variables.ts';

const jwtNames = [
  'AUTH_JWKS_URL',
  'AUTH_JWT_SECRET',
  'AUTH_JWT_ISSUER',
  'AUTH_JWT_AUDIENCE',
  'AUTH_JWT_TOLERANCE_SECONDS',
  'AUTH_JWT_ALGORITHMS',
  'AUTH_JWT_ACCOUNTS_CLAIM',
];

const exposed =
  'must be set, because HOST is not this machine alone: jwt or keys, or none if whoever reaches the address may read everything';

/** What is wrong with the `AUTH` variables taken together; `env` is without empty values. */
export function authProblems(env: Readonly<Record<string, string>>): ConfigProblem[] {
  const mode = env.AUTH;
  const problems: ConfigProblem[] = [];
  const isSet = (name: string) => env[name] !== undefined;
  const report = (name: string, problem: string) => problems.push({ name, problem });
  if (mode === undefined && env.HOST !== undefined && !isLoopbackHost(env.HOST)) report('AUTH', exposed);
  // A rule that is written down but not applied would leave the door open.
  if (mode !== 'jwt') {
    for (const name of jwtNames.filter(isSet))
      report(name, 'is set, but AUTH is not jwt; set AUTH=jwt, or unset it');
  }
  if (mode !== 'keys' && isSet('AUTH_KEYS')) {
    report('AUTH_KEYS', 'is set, but AUTH is not keys; set AUTH=keys, or unset it');
  }
  if (mode === 'keys' && !isSet('AUTH_KEYS')) report('AUTH_KEYS', 'must be set, because AUTH is keys');
  if (mode === 'jwt') {
    for (const name of ['AUTH_JWT_ISSUER', 'AUTH_JWT_AUDIENCE']) {
      if (!isSet(name)) report(name, 'must be set, because AUTH is jwt');
    }
    if (isSet('AUTH_JWKS_URL') === isSet('AUTH_JWT_SECRET')) {
      report('AUTH_JWKS_URL', 'or AUTH_JWT_SECRET must be set, one of them, because AUTH is jwt');
    }
    const isSecret = isSet('AUTH_JWT_SECRET');
    const wrong = (env.AUTH_JWT_ALGORITHMS ?? '')
      .split(',')
      .filter((name) => name !== '' && /^HS/.test(name) !== isSecret);
    if (wrong.length > 0) {
      report(
        'AUTH_JWT_ALGORITHMS',
        isSecret
          ? 'must be HS algorithms with AUTH_JWT_SECRET'
          : 'must not be HS algorithms with AUTH_JWKS_URL',
      );
    }
  }
  return problems;
}

/** How callers are told apart, once `authProblems` found nothing. */
export function toAuthConfig(given: Variables): AuthConfig {
  if (given.AUTH === 'keys') return { mode: 'keys', keys: given.AUTH_KEYS ?? [] };
  if (given.AUTH !== 'jwt') return { mode: 'none' };
  const secret = given.AUTH_JWT_SECRET;
  return {
    mode: 'jwt',
    keys: secret === undefined ? { jwksUrl: given.AUTH_JWKS_URL ?? '' } : { secret },
    issuer: given.AUTH_JWT_ISSUER ?? '',
    audience: given.AUTH_JWT_AUDIENCE ?? '',
    toleranceSeconds: given.AUTH_JWT_TOLERANCE_SECONDS,
    algorithms:
      given.AUTH_JWT_ALGORITHMS ?? (secret === undefined ? ['RS256', 'PS256', 'ES256', 'EdDSA'] : ['HS256']),
    accountsClaim: given.AUTH_JWT_ACCOUNTS_CLAIM,
  };
}

/** Whether only this machine can reach an address. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
