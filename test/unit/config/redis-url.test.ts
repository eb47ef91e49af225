import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/config/load-config.ts';
import { parseRedisUrl } from '../../../src/config/redis-url.ts';

function problemOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('REDIS_URL', () => {
  test.each([
    [
      'redis://localhost',
      { kind: 'SINGLE', nodes: [{ host: 'localhost', port: 6379 }], tls: null, database: 0 },
    ],
    [
      'redis://:p%40ss@h:1/5',
      { username: null, password: 'p@ss', database: 5, nodes: [{ host: 'h', port: 1 }] },
    ],
    ['rediss://u:p@h?keyPrefix=x:', { username: 'u', password: 'p', keyPrefix: 'x:', tls: { ca: null } }],
    ['redis://[::1]:7000', { nodes: [{ host: '::1', port: 7000 }] }],
    [
      'redis+sentinel://:pw@a,b:26380/main/2?sentinelPassword=sp',
      {
        ...{ kind: 'SENTINEL', primaryName: 'main', database: 2, password: 'pw', sentinelPassword: 'sp' },
        nodes: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 26_380 },
        ],
      },
    ],
    ['rediss-sentinel://a/main', { kind: 'SENTINEL', primaryName: 'main', tls: { ca: null } }],
    [
      'redis+cluster://a,b:7001',
      {
        kind: 'CLUSTER',
        nodes: [
          { host: 'a', port: 6379 },
          { host: 'b', port: 7001 },
        ],
      },
    ],
  ])('%s', (url, expected) => {
    expect(parseRedisUrl(url)).toMatchObject(expected);
  });

  test.each([
    ['http://secret@h', /must be a URL such as/],
    ['redis://a:1,b:2', /several hosts: start it with redis\+sentinel:/],
    ['redis+sentinel://a:1', /must name the primary/],
    ['redis+cluster://a/3', /a Cluster only has database 0/],
    ['redis://secret@a:99999', /must have a host/],
    ['redis://a/x', /number of a database/],
    ['redis://a?tls=secret', /a parameter that is not known/],
  ])('%s is refused with the reason, and not repeated', (url, message) => {
    const problem = problemOf({ REDIS_URL: url });
    expect(problem).toMatch(message);
    expect(problem).not.toContain('secret');
  });
});

test('Redis settings without a REDIS_URL, or contradictory ones, are refused', () => {
  expect(problemOf({ REPLICAS: '3' })).toMatch(/REPLICAS is set, but REDIS_URL is not/);
  expect(problemOf({ REDIS_URL: 'redis://a?keyPrefix=x', REDIS_KEY_PREFIX: 'y' })).toMatch(/set only one/);
  expect(problemOf({ REDIS_URL: 'redis://a', REDIS_TLS_CA: '/none' })).toMatch(/without TLS/);
  expect(problemOf({ REDIS_URL: 'rediss://a', REDIS_TLS_CA: '/none' })).toMatch(/cannot be read \(ENOENT\)/);
  expect(problemOf({ REDIS_URL: 'rediss://a', REDIS_TLS_CA: '-----BEGIN x' })).toMatch(/certificate in PEM/);
});
