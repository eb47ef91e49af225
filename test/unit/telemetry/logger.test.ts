import { expect, test } from '@jest/globals';
import type { LogLevel } from '../../../src/config/config.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';

function logged(level: LogLevel) {
  const lines: string[] = [];
  return { logger: createLogger(level, { write: (line) => lines.push(line) }), lines };
}

test('a line is one JSON object with the level as text and the time in UTC', () => {
  const { logger, lines } = logged('info');
  logger.info({ requestId: 'r-1' }, 'started');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    requestId: 'r-1',
    msg: 'started',
  });
});

test('credentials are redacted at the top, and one and two levels down', () => {
  const { logger, lines } = logged('info');
  const secrets = {
    ...{ authorization: 's1', 'x-api-key': 's2', 'x-auth-token': 's3', apiKey: 's4', token: 's5' },
    ...{ otp: 's6', 'api-signature': 's7', password: 's8', totpSecret: 's9', signingKeyPem: 's10' },
  };
  logger.info({ ...secrets, headers: secrets, request: { headers: secrets } }, 'asked');
  expect(lines[0]).not.toMatch(/s\d/);
  expect(lines[0]).toContain('[redacted]');
});

test.each([
  ['silent', 0],
  ['error', 1],
  ['debug', 3],
] as const)('at level %s %d of three lines are written', (level, count) => {
  const { logger, lines } = logged(level);
  logger.error('one');
  logger.info('two');
  logger.debug('three');
  expect(lines).toHaveLength(count);
});
