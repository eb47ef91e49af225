import type { RedisNode, RedisServer } from '../domain/redis-server.ts';

const portDefault = 6379;
const sentinelPortDefault = 26_379;
const databaseMax = 65_535;
const parameters = ['db', 'keyPrefix', 'sentinelUsername', 'sentinelPassword'];
const usual = 'must be a URL such as redis://localhost:6379';
const redisUrlForms =
  'redis://user:password@host:6379/0, redis+sentinel://host:26379,host:26379/primary-name or redis+cluster://host:6379,host:6379 (rediss... with TLS)';

/**
 * Parses `REDIS_URL`. A returned string says what is wrong, as the rest of a sentence, and repeats nothing of the URL.
 * User, password and names are percent-decoded.
 */
export function parseRedisUrl(text: string): RedisServer | string {
  const parts =
    /^(rediss?)(?:[+-](sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^@/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/.exec(
      text,
    );
  if (parts === null || !/^[\x21-\x7e]+$/.test(text)) return `${usual}; forms: ${redisUrlForms}`;
  const [, scheme, form, login = '', hosts = '', path = '', query = ''] = parts;
  const kind = form === 'sentinel' ? 'SENTINEL' : form === 'cluster' ? 'CLUSTER' : 'SINGLE';
  const nodes = hosts.split(',').map((host) => toNode(host, kind));
  if (!nodes.every((node) => node !== null))
    return 'must have a host, or host:port, and several only separated by commas';
  if (kind === 'SINGLE' && nodes.length > 1)
    return 'has several hosts: start it with redis+sentinel:// or redis+cluster://, so that it is known what they are';
  const given = new URLSearchParams(query);
  if ([...given.keys()].some((name) => !parameters.includes(name)))
    return `has a parameter that is not known; known are ${parameters.join(', ')}`;
  const [user, ...password] = login.split(':');
  const segments = path
    .split('/')
    .slice(1)
    .filter((segment) => segment !== '');
  const primaryName = kind === 'SENTINEL' ? decoded(segments.shift()) : null;
  if (kind === 'SENTINEL' && primaryName === null)
    return 'must name the primary that the Sentinels watch: redis+sentinel://host:26379/primary-name';
  const database = toDatabase(segments, given.get('db'));
  if (database === null)
    return `must end with the number of a database from 0 to ${databaseMax}, or without one`;
  if (kind === 'CLUSTER' && database !== 0) return 'has a database, but a Cluster only has database 0';
  return {
    ...{ kind, nodes, primaryName, database },
    username: decoded(user),
    password: decoded(password.join(':')),
    sentinelUsername: given.get('sentinelUsername'),
    sentinelPassword: given.get('sentinelPassword'),
    keyPrefix: given.get('keyPrefix') ?? '',
    tls: scheme === 'rediss' ? { ca: null } : null,
  };
}

function toNode(text: string, kind: RedisServer['kind']): RedisNode | null {
  const parts = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(parts?.[2] ?? (kind === 'SENTINEL' ? sentinelPortDefault : portDefault));
  if (parts?.[1] === undefined || port < 1 || port > 65_535) return null;
  return { host: parts[1].replace(/^\[|\]$/g, ''), port };
}

function toDatabase(segments: readonly string[], parameter: string | null): number | null {
  const texts = [...segments, ...(parameter === null ? [] : [parameter])];
  if (texts.length === 0) return 0;
  const [text = ''] = texts;
  return texts.length === 1 && /^\d{1,5}$/.test(text) && Number(text) <= databaseMax ? Number(text) : null;
}

/** Null for no text. A percent sign that encodes nothing stands for itself. */
function decoded(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
