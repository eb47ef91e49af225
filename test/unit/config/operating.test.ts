import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/config/load-config.ts';

const exposed = { HOST: '0.0.0.0', AUTH: 'none' };

test.each([
  ['on this machine alone', {}, { port: null }],
  ['where others reach the address', exposed, null],
  ['there, when asked for', { ...exposed, METRICS: 'on' }, { port: null }],
  ['on a port of their own', { ...exposed, METRICS_PORT: '9464' }, { port: 9464 }],
  ['off', { METRICS: 'off' }, null],
])('metrics %s', (_what, env, metrics) => {
  expect(loadConfig(env).metrics).toEqual(metrics);
});

test.each([
  [{ METRICS_PORT: '9464', METRICS: 'off' }, 'METRICS_PORT is set, but METRICS is off'],
  [{ METRICS_PORT: '4000' }, 'METRICS_PORT must not be PORT'],
  [{ METRICS_PORT: '80', PORT: '80' }, 'METRICS_PORT must not be PORT'],
  [{ METRICS_PORT: 'nine' }, 'METRICS_PORT must be a whole number from 0 to 65535; it is "nine"'],
  [{ METRICS: 'yes' }, 'METRICS must be on or off; it is "yes"'],
  [{ SHUTDOWN_DELAY_MS: '60001' }, 'SHUTDOWN_DELAY_MS must be a whole number from 0 to 60000'],
])('%j is refused', (env, message) => {
  expect(() => loadConfig(env)).toThrow(message);
});

test('two free ports do not clash', () => {
  expect(loadConfig({ PORT: '0', METRICS_PORT: '0' }).metrics).toEqual({ port: 0 });
});
