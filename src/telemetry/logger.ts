import { type DestinationStream, destination, type Logger, pino } from 'pino';
import type { LogLevel } from '../config/config.ts';

const standardError = 2;

/**
 * The log: one JSON object a line, on standard error, so that standard output is left to people. Header names
 * that carry credentials are blanked wherever an object with them is logged.
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
  // Written at once: a line still in a buffer would be lost when the process ends.
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
