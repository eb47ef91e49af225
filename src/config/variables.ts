import { isIP } from 'node:net';
import * as z from 'zod';
import { logLevels } from './config.ts';
import { uqpayBaseUrl, uqpaySandboxUrl } from './uqpay-base-url.ts';

/** Every environment variable the gateway reads, by name: what it may be and what it is when it is not set. */
export const variables = z.object({
  HOST: text('must be an IP address or a host name', isHost).default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(4000),
  LOG_LEVEL: z.enum(logLevels, { error: () => `must be one of ${logLevels.join(', ')}` }).default('info'),
  REQUEST_TIMEOUT_MS: wholeNumber(100, 120_000).default(10_000),
  MAX_UPSTREAM_CALLS_PER_OPERATION: wholeNumber(1, 10_000).default(100),
  CURSOR_SECRET: text('must have at least 16 characters', (value) => value.length >= 16).optional(),
  UQPAY_BASE_URL: uqpayBaseUrl.default(uqpaySandboxUrl),
  UQPAY_CLIENT_ID: headerText().optional(),
  UQPAY_API_KEY: headerText().optional(),
  UQPAY_BANKING_CLIENT_ID: headerText().optional(),
  UQPAY_BANKING_API_KEY: headerText().optional(),
  UQPAY_ISSUING_CLIENT_ID: headerText().optional(),
  UQPAY_ISSUING_API_KEY: headerText().optional(),
  UQPAY_PAYMENT_CLIENT_ID: headerText().optional(),
  UQPAY_PAYMENT_API_KEY: headerText().optional(),
  UQPAY_RATE_LIMIT_PER_MINUTE: wholeNumber(1, 10_000).default(200),
});

export type Variables = z.infer<typeof variables>;

function text(problem: string, isAllowed: (value: string) => boolean) {
  return z.string().refine(isAllowed, { error: problem });
}

function headerText() {
  return text(
    'must be 1 to 1024 visible ASCII characters without blanks, because it is sent in a header',
    (value) => /^[\x21-\x7e]{1,1024}$/.test(value),
  );
}

// Digits only: Number() would also take '', ' 80 ', '0x50' and '1e3'.
function wholeNumber(min: number, max: number) {
  return text(`must be a whole number from ${min} to ${max}`, (value) => {
    return /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
  }).transform(Number);
}

function isHost(value: string): boolean {
  return (
    isIP(value) !== 0 || (value.length <= 253 && /^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$/.test(value))
  );
}
