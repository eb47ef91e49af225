import { X509Certificate } from 'node:crypto';
import type { RedisServer } from '../domain/redis-server.ts';
import type { ConfigProblem } from './config-error.ts';
import { readBoundedFile } from './read-file.ts';
import { parseRedisUrl } from './redis-url.ts';

type Environment = Readonly<Record<string, string>>;

/** The Redis that the variables describe, null for none, and what is wrong with them. */
export interface RedisRead {
  readonly server: RedisServer | null;
  readonly problems: readonly ConfigProblem[];
}

const caBytesMax = 1_048_576;

/** Reads `REDIS_URL`, `REDIS_KEY_PREFIX` and `REDIS_TLS_CA`; `env` has no empty values. */
export function readRedisServer(env: Environment): RedisRead {
  const { REDIS_URL: url, REDIS_KEY_PREFIX: prefix, REDIS_TLS_CA: ca } = env;
  if (url === undefined) {
    const problems = ['REDIS_KEY_PREFIX', 'REDIS_TLS_CA', 'REPLICAS']
      .filter((name) => env[name] !== undefined)
      .map((name) => ({ name, problem: 'is set, but REDIS_URL is not; set it too, or unset this' }));
    return { server: null, problems };
  }
  const server = parseRedisUrl(url);
  if (typeof server === 'string') return { server: null, problems: [{ name: 'REDIS_URL', problem: server }] };
  const problems: ConfigProblem[] = [];
  if (prefix !== undefined && !/^[\x21-\x7e]{1,128}$/.test(prefix)) {
    problems.push({
      name: 'REDIS_KEY_PREFIX',
      problem: 'must be 1 to 128 visible ASCII characters without blanks',
    });
  }
  if (prefix !== undefined && server.keyPrefix !== '') {
    problems.push({
      name: 'REDIS_KEY_PREFIX',
      problem: 'is set, but REDIS_URL has a keyPrefix; set only one',
    });
  }
  const certificates = ca === undefined ? null : readCertificates(ca, server, problems);
  return {
    server: {
      ...server,
      keyPrefix: prefix ?? server.keyPrefix,
      tls: server.tls === null ? null : { ca: certificates },
    },
    problems,
  };
}

/** Returns the PEM text, given directly or as a file's path. */
function readCertificates(given: string, server: RedisServer, problems: ConfigProblem[]): string | null {
  const add = (problem: string) => {
    problems.push({ name: 'REDIS_TLS_CA', problem });
    return null;
  };
  if (server.tls === null)
    return add('is set, but REDIS_URL is without TLS; start that with rediss, or unset this');
  let pem = given.replaceAll('\\n', '\n');
  if (!given.startsWith('-----BEGIN')) {
    try {
      pem = readBoundedFile(given, caBytesMax);
    } catch (error) {
      const code: unknown = Reflect.get(Object(error), 'code');
      return add(`names a file that cannot be read (${typeof code === 'string' ? code : 'unknown'})`);
    }
  }
  try {
    new X509Certificate(pem);
    return pem;
  } catch {
    return add('must be a certificate in PEM, or the path of a file with one: -----BEGIN CERTIFICATE-----');
  }
}
