// compose.yaml and deploy/compose.tls.yaml: there may be no Docker, so the tests read the important rules from the
// files, and the settings with the gateway's own loader.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import * as z from 'zod';
import { loadConfig } from '../../src/config/load-config.ts';

const root = join(import.meta.dirname, '../..');

const composeFile = z.strictObject({
  name: z.string().optional(),
  services: z.record(
    z.string(),
    z.strictObject({
      build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
      image: z.string().optional(),
      command: z.array(z.string()).optional(),
      ports: z.array(z.string()).optional(),
      env_file: z.array(z.strictObject({ path: z.string(), required: z.boolean() })).optional(),
      environment: z.record(z.string(), z.string()).optional(),
      depends_on: z
        .record(z.string(), z.strictObject({ condition: z.literal('service_healthy') }))
        .optional(),
      healthcheck: z
        .strictObject({
          test: z.array(z.string()),
          interval: z.string(),
          timeout: z.string(),
          retries: z.int(),
        })
        .optional(),
      restart: z.literal('unless-stopped').optional(),
      stop_grace_period: z.string().optional(),
      mem_limit: z.string().optional(),
      read_only: z.boolean().optional(),
      tmpfs: z.array(z.string()).optional(),
      cap_drop: z.array(z.string()).optional(),
      security_opt: z.array(z.string()).optional(),
      volumes: z.array(z.string()).optional(),
    }),
  ),
  networks: z.unknown().optional(),
  volumes: z.record(z.string(), z.null()).optional(),
});

/** A Compose file as Docker reads it, with its variables from `env`. */
function load(path: string, env: Record<string, string>) {
  const text = readFileSync(join(root, path), 'utf8')
    .replaceAll('!reset ', '')
    .replace(/\$\{(\w+)(:-|:\?)([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
      const value = env[name] ?? '';
      if (value === '' && kind === ':?') throw new Error(`${name}: ${rest}`);
      return value || rest;
    });
  return composeFile.partial({ services: true }).parse(parse(text));
}

const tls = z.object({ services: z.record(z.string(), z.looseObject({})), networks: z.looseObject({}) });

describe('compose.yaml', () => {
  const { services = {}, volumes = {} } = load('compose.yaml', {});
  const { gateway, redis, postgres } = services;

  test('without a file .env it serves invented data, with Redis and PostgreSQL', () => {
    const config = loadConfig(gateway?.environment ?? {});
    expect(config).toMatchObject({ host: '0.0.0.0', port: 4000, dashboard: true, explorer: true });
    expect(config.uqpay?.mode).toBe('embedded');
    expect(gateway?.env_file).toEqual([{ path: '.env', required: false }]);
    expect(new URL(gateway?.environment?.REDIS_URL ?? '').hostname).toBe('redis');
    const history = new URL(gateway?.environment?.HISTORY_URL ?? '');
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = postgres?.environment ?? {};
    expect([history.hostname, history.username, history.password, history.pathname]).toEqual([
      ...['postgres', POSTGRES_USER, POSTGRES_PASSWORD, `/${POSTGRES_DB}`],
    ]);
  });

  test('only this machine can connect, and only to the gateway', () => {
    expect(gateway?.ports).toEqual(['127.0.0.1:4000:4000']);
    expect([redis?.ports, postgres?.ports]).toEqual([undefined, undefined]);
  });

  test('AUTH and the pages are configured by .env', () => {
    const chosen = load('compose.yaml', { AUTH: 'jwt', DASHBOARD: 'off' }).services?.gateway?.environment;
    expect(chosen).toMatchObject({ AUTH: 'jwt', DASHBOARD: 'off', EXPLORER: 'on' });
  });

  test('it waits for services that have a health check, and uses volumes that exist', () => {
    for (const name of Object.keys(gateway?.depends_on ?? {})) {
      expect(services[name]?.healthcheck?.test[0]).toMatch(/^CMD/);
    }
    expect(postgres?.volumes?.map((volume) => volume.split(':')[0])).toEqual(Object.keys(volumes));
    expect(existsSync(join(root, gateway?.build?.dockerfile ?? ''))).toBe(true);
  });

  test('Redis is that of deploy/kubernetes, and evicts nothing', () => {
    const kubernetes = readFileSync(join(root, 'deploy/kubernetes/redis.yaml'), 'utf8');
    expect(kubernetes).toContain(`image: ${redis?.image}\n`);
    expect(redis?.command?.join(' ')).toContain('--maxmemory-policy noeviction');
  });

  test('the gateway may write only to /tmp and gain no privileges', () => {
    expect(gateway).toMatchObject({
      ...{ read_only: true, tmpfs: ['/tmp'], cap_drop: ['ALL'] },
      security_opt: ['no-new-privileges:true'],
    });
  });
});

describe('deploy/compose.tls.yaml', () => {
  const env = { DOMAIN: 'balances.example', AUTH: 'jwt' };

  test('does not start without a name, or without AUTH', () => {
    expect(() => load('deploy/compose.tls.yaml', { AUTH: 'jwt' })).toThrow('DOMAIN');
    expect(() => load('deploy/compose.tls.yaml', { DOMAIN: 'balances.example' })).toThrow('AUTH');
  });

  test('publishes only Caddy, and trusts its X-Forwarded-For', () => {
    const text = readFileSync(join(root, 'deploy/compose.tls.yaml'), 'utf8');
    expect(text).toContain('ports: !reset []');
    const { networks } = tls.parse(parse(text.replaceAll('!reset ', '')));
    const caddy = load('deploy/compose.tls.yaml', env).services?.caddy;
    expect(caddy?.command?.join(' ')).toBe('caddy reverse-proxy --from balances.example --to gateway:4000');
    const settings = load('deploy/compose.tls.yaml', env).services?.gateway?.environment ?? {};
    expect(JSON.stringify(networks)).toContain(`"subnet":"${settings.TRUSTED_PROXIES}"`);
    expect(loadConfig({ TRUSTED_PROXIES: settings.TRUSTED_PROXIES }).trustedProxies).toEqual([
      settings.TRUSTED_PROXIES,
    ]);
  });
});
