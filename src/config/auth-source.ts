import type { AuthConfig } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import type { Variables } from './variables.ts';

type Env = Readonly<Record<string, string>>;

/** Variables that belong to one mode of `AUTH`. */
const modes = [
  {
    name: 'jwt',
    variables: [
      'AUTH_JWKS_URL',
      'AUTH_JWT_SECRET',
      'AUTH_JWT_ISSUER',
      'AUTH_JWT_AUDIENCE',
      'AUTH_JWT_TOLERANCE_SECONDS',
      'AUTH_JWT_ALGORITHMS',
      'AUTH_JWT_ACCOUNTS_CLAIM',
    ],
  },
  { name: 'keys', variables: ['AUTH_KEYS'] },
  { name: 'forwarded', variables: ['AUTH_FORWARDED_FROM', ...Object.keys(forwardedHeaders)] },
] as const;

const exposed =
  'must be set, because HOST is not a loopback address: jwt, keys or forwarded, or none if anyone who can reach the address may read everything';

const shared: ConfigProblem = {
  name: 'CACHE_CONTROL_SCOPE',
  problem:
    'must not be public where AUTH distinguishes callers: a shared cache would give one caller what another may read; set private',
};

/** Checks the `AUTH` variables in combination; `env` has no empty values. */
export function authProblems(env: Env): ConfigProblem[] {
  const mode = env.AUTH;
  const isOpen = mode === undefined && env.HOST !== undefined && !isLoopbackHost(env.HOST);
  return [
    ...(env.CACHE_CONTROL_SCOPE === 'public' && mode !== undefined && mode !== 'none' ? [shared] : []),
    ...(isOpen ? [{ name: 'AUTH', problem: exposed }] : []),
    ...modes.flatMap(({ name, variables }) => (name === mode ? [] : unapplied(env, name, variables))),
    ...(mode === 'keys' ? missing(env, mode, ['AUTH_KEYS']) : []),
    ...(mode === 'jwt' ? jwtProblems(env) : []),
    ...(mode === 'forwarded' ? forwardedProblems(env) : []),
  ];
}

// A rule that is configured but not applied would leave the gateway open.
function unapplied(env: Env, mode: string, names: readonly string[]): ConfigProblem[] {
  const problem = `is set, but AUTH is not ${mode}; set AUTH=${mode}, or unset it`;
  return names.filter((name) => env[name] !== undefined).map((name) => ({ name, problem }));
}

function missing(env: Env, mode: string, names: readonly string[]): ConfigProblem[] {
  const problem = `must be set, because AUTH is ${mode}`;
  return names.filter((name) => env[name] === undefined).map((name) => ({ name, problem }));
}

function jwtProblems(env: Env): ConfigProblem[] {
  const problems = missing(env, 'jwt', ['AUTH_JWT_ISSUER', 'AUTH_JWT_AUDIENCE']);
  const isSecret = env.AUTH_JWT_SECRET !== undefined;
  if ((env.AUTH_JWKS_URL !== undefined) === isSecret) {
    const problem = 'or AUTH_JWT_SECRET must be set, one of them, because AUTH is jwt';
    problems.push({ name: 'AUTH_JWKS_URL', problem });
  }
  const wrong = (env.AUTH_JWT_ALGORITHMS ?? '')
    .split(',')
    .filter((name) => name !== '' && /^HS/.test(name) !== isSecret);
  if (wrong.length > 0) {
    const problem = isSecret
      ? 'must be HS algorithms with AUTH_JWT_SECRET'
      : 'must not be HS algorithms with AUTH_JWKS_URL';
    problems.push({ name: 'AUTH_JWT_ALGORITHMS', problem });
  }
  return problems;
}

function forwardedProblems(env: Env): ConfigProblem[] {
  const problems = missing(env, 'forwarded', ['AUTH_FORWARDED_FROM']);
  const taken = new Set<string>();
  for (const [name, usual] of Object.entries(forwardedHeaders)) {
    const header = (env[name] ?? usual).toLowerCase();
    if (taken.has(header)) {
      problems.push({ name, problem: 'must not be the header that something else is read from' });
    }
    taken.add(header);
  }
  return problems;
}

/** How callers are authenticated; valid only when `authProblems` found nothing. */
export function toAuthConfig(given: Variables): AuthConfig {
  if (given.AUTH === 'keys') return { mode: 'keys', keys: given.AUTH_KEYS ?? [] };
  if (given.AUTH === 'forwarded') {
    return {
      mode: 'forwarded',
      routers: given.AUTH_FORWARDED_FROM ?? [],
      headers: {
        subject: given.AUTH_FORWARDED_SUBJECT_HEADER,
        scopes: given.AUTH_FORWARDED_SCOPES_HEADER,
        accounts: given.AUTH_FORWARDED_ACCOUNTS_HEADER,
      },
    };
  }
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
