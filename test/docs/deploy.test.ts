// The files in deploy: there may be no builder and no cluster, so the tests read the important rules from the files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.ts';
import { variables } from '../../src/config/variables.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('deploy/Dockerfile', () => {
  const lines = read('deploy/Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const copied = lines
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  const command = (name: string): string[] =>
    JSON.parse(/\[.*\]$/.exec(last.findLast((line) => line.startsWith(name)) ?? '')?.[0] ?? '[]');

  test('every stage has the Node that the project is tested with', () => {
    const [major, minor] = read('.node-version').trim().split('.');
    const images = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]);
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toBe(`node:${major}.${minor}-bookworm-slim`);
  });

  test('what it copies exists, by name: nothing remote, and no whole folder with secrets', () => {
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(copied).not.toContain('.');
    expect(lines.filter((line) => /^ADD |https?:\/\/(?!127\.0\.0\.1)/.test(line))).toEqual([]);
    const allowed = read('deploy/Dockerfile.dockerignore').match(/^!.+$/gm) ?? [];
    expect(allowed.sort()).toEqual([...new Set(copied)].map((path) => `!${path}`).sort());
    expect(read('deploy/Dockerfile.dockerignore')).toMatch(/^\*$/m);
  });

  test('no secret is set in it', () => {
    const set = lines.filter((line) => /^(ENV|ARG) /.test(line)).join(' ');
    expect(set).not.toMatch(/KEY|SECRET|PASSWORD|TOKEN|REDIS_URL/);
  });

  test('it runs as a numeric user and stops on SIGTERM', () => {
    expect(last.findLast((line) => line.startsWith('USER '))).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
    expect(last.findIndex((line) => line.startsWith('USER '))).toBeLessThan(
      last.findIndex((line) => line.startsWith('CMD ')),
    );
    expect(last).toContain('STOPSIGNAL SIGTERM');
    expect(command('CMD')).toEqual(['node', 'src/main.ts']);
    expect(existsSync(join(root, 'src/main.ts'))).toBe(true);
  });

  test('its settings alone are not enough to start: AUTH has to be chosen', () => {
    const env = Object.fromEntries(
      (last.find((line) => line.startsWith('ENV ')) ?? '')
        .split(' ')
        .slice(1)
        .map((pair) => pair.split('=')),
    );
    expect(() => loadConfig(env)).toThrow(/^ {2}AUTH must be set, because HOST is not a loopback address/m);
    expect(loadConfig({ ...env, AUTH: 'none' })).toMatchObject({ host: '0.0.0.0', port: 4000 });
  });
});

describe('deploy/kubernetes', () => {
  const folder = 'deploy/kubernetes';
  const settings = parseEnv(read(`${folder}/gateway.env`));
  const secrets = parseEnv(read(`${folder}/secret.env.example`));
  const deployment = read(`${folder}/deployment.yaml`);
  const known = new Set(Object.keys(variables.shape));

  test('with its secrets filled in, the settings start a gateway for UQPAY whose callers have tokens', () => {
    expect(Object.values(secrets).filter((value) => value !== '')).toEqual([]);
    const filledIn = Object.fromEntries(
      Object.keys(secrets).map((name) => [name, `${name}-of-32-characters`]),
    );
    const config = loadConfig({
      ...settings,
      ...filledIn,
      REDIS_URL: `redis://:${filledIn.REDIS_PASSWORD}@balances-redis:6379`,
    });
    expect(config.auth.mode).toBe('jwt');
    expect(config.uqpay?.mode).toBe('remote');
    expect(config.ibanera).toBeNull();
  });

  test('without the secrets nothing starts, so that invented data is never mistaken for real data', () => {
    expect(() => loadConfig({ ...settings, ...secrets })).toThrow(/UQPAY_BASE_URL/);
  });

  test('every variable is one the gateway knows', () => {
    const names = [...Object.keys({ ...settings, ...secrets }), 'REDIS_URL'];
    // The Deployment builds REDIS_URL from it.
    expect(names.filter((name) => !known.has(name))).toEqual(['REDIS_PASSWORD']);
    expect(deployment).toContain('value: redis://:$(REDIS_PASSWORD)@balances-redis:6379');
  });

  test('ports, probes and times fit the settings', () => {
    const { PORT, METRICS_PORT, SHUTDOWN_DELAY_MS, REQUEST_TIMEOUT_MS } = settings;
    expect(deployment).toContain(`{ name: graphql, containerPort: ${PORT} }`);
    expect(deployment).toContain(`{ name: metrics, containerPort: ${METRICS_PORT} }`);
    expect(deployment).toContain(`prometheus.io/port: "${METRICS_PORT}"`);
    expect(deployment).toMatch(/livenessProbe:\n +httpGet: \{ path: \/livez, port: metrics \}/);
    expect(deployment).toMatch(/readinessProbe:\n +httpGet: \{ path: \/readyz, port: graphql \}/);
    const graceMs = Number(/terminationGracePeriodSeconds: (\d+)/.exec(deployment)?.[1]) * 1_000;
    // docs/configuration.md: 15 s for running requests; docs/operating.md: 5 s for spans.
    expect(graceMs).toBeGreaterThanOrEqual(Number(SHUTDOWN_DELAY_MS) + 15_000 + 5_000);
    expect(Number(REQUEST_TIMEOUT_MS)).toBeLessThanOrEqual(15_000);
    expect(read(`${folder}/service.yaml`)).not.toContain('metrics,');
  });

  test.each(['deployment.yaml', 'redis.yaml'])(
    '%s requests nothing that a restricted namespace refuses',
    (file) => {
      const text = read(`${folder}/${file}`);
      for (const line of [
        'runAsNonRoot: true',
        'seccompProfile: { type: RuntimeDefault }',
        'allowPrivilegeEscalation: false',
        'readOnlyRootFilesystem: true',
        'capabilities: { drop: [ALL] }',
        'automountServiceAccountToken: false',
        'enableServiceLinks: false',
      ]) {
        expect(text).toContain(line);
      }
      expect(text).not.toMatch(/hostPath|hostNetwork|privileged/);
    },
  );

  test('the user of the Deployment is the user of the image', () => {
    const user = /^USER (\d+):(\d+)$/m.exec(read('deploy/Dockerfile'));
    expect(deployment).toContain(`runAsUser: ${user?.[1]}`);
    expect(deployment).toContain(`runAsGroup: ${user?.[2]}`);
  });

  test('the kustomization has every manifest, and git ignores the secrets', () => {
    const listed = [...read(`${folder}/kustomization.yaml`).matchAll(/^ {2}- (\S+\.yaml)$/gm)].map(
      ([, name]) => name,
    );
    const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml'));
    expect(listed.sort()).toEqual(files.filter((name) => name !== 'kustomization.yaml').sort());
    expect(read('.gitignore').split('\n')).toContain(`${folder}/secret.env`);
  });
});
