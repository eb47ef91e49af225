import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { LogLevel } from '../config/config.ts';

const standardError = 2;

/**
 * The log: one JSON object per line on standard error; standard output is for people. Members that hold credentials are
 * redacted in logged objects, down to the third level.
 */
export function createLogger(level: LogLevel, stream?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: '[redacted]',
    },
  };
  // Written synchronously, because buffered lines are lost when the process exits.
  return pino(options, stream ?? destination({ dest: standardError, sync: true }));
}

const secretNames = [
  'authorization',
  'cookie',
  'x-api-key',
  'x-auth-token',
  'x-client-id',
  'api-signature',
  'otp',
  'apiKey',
  'password',
  'totpSecret',
  'signingKeyPem',
  'token',
];
