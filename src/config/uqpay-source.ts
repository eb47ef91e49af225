import type * as z from 'zod';
import type { EmbeddedSource, ProviderVariables, RemoteSource } from './provider-variables.ts';
import { uqpayBaseUrl, uqpayEnvironment, uqpaySandboxUrl } from './uqpay-base-url.ts';
import { callsPerMinute, headerText, webhookSecret } from './values.ts';

export const uqpayLines = ['banking', 'issuing', 'payment'] as const;
export type UqpayLine = (typeof uqpayLines)[number];

/** Where UQPAY's data comes from. */
export type UqpaySource = EmbeddedSource | RemoteUqpay;

export interface RemoteUqpay extends RemoteSource {
  /** Has at least one line. */
  readonly lines: UqpayCredentials;
}

/** Credentials by business line; lines without credentials are absent. */
export type UqpayCredentials = Readonly<Partial<Record<UqpayLine, UqpayCredential>>>;

/** Client id and API key of UQPAY, visible ASCII because they are sent in headers. */
export interface UqpayCredential {
  readonly clientId: string;
  readonly apiKey: string;
}

/** UQPAY's variables, by name. */
export const uqpaySchema = {
  UQPAY_BASE_URL: uqpayBaseUrl.default(uqpaySandboxUrl),
  UQPAY_CLIENT_ID: headerText().optional(),
  UQPAY_API_KEY: headerText().optional(),
  UQPAY_BANKING_CLIENT_ID: headerText().optional(),
  UQPAY_BANKING_API_KEY: headerText().optional(),
  UQPAY_ISSUING_CLIENT_ID: headerText().optional(),
  UQPAY_ISSUING_API_KEY: headerText().optional(),
  UQPAY_PAYMENT_CLIENT_ID: headerText().optional(),
  UQPAY_PAYMENT_API_KEY: headerText().optional(),
  UQPAY_RATE_LIMIT_PER_MINUTE: callsPerMinute().default(200),
  UQPAY_WEBHOOK_SECRET: webhookSecret().optional(),
};
type UqpayValues = z.infer<z.ZodObject<typeof uqpaySchema>>;

const pairs = ['UQPAY', ...uqpayLines.map((line) => `UQPAY_${line.toUpperCase()}`)].map((prefix) => [
  `${prefix}_CLIENT_ID`,
  `${prefix}_API_KEY`,
]);

export const uqpayVariables: ProviderVariables = {
  code: 'UQPAY',
  name: 'UQPAY',
  // The lowest limit that UQPAY documents (reference section 2.4).
  tokenCallsPerMinute: 50,
  names: Object.keys(uqpaySchema),
  sets: pairs,
  credentials: pairs.flat(),
  remedy: 'UQPAY_CLIENT_ID and UQPAY_API_KEY',
  embeddedNames: ['UQPAY_RATE_LIMIT_PER_MINUTE', 'UQPAY_WEBHOOK_SECRET'],
  namesShown: ['UQPAY_RATE_LIMIT_PER_MINUTE'],
};

/** The real UQPAY, from valid variables; null without credentials. */
export function toUqpaySource(given: UqpayValues): UqpaySource | null {
  const lines = toLines(given);
  if (Object.keys(lines).length === 0) return null;
  return {
    mode: 'remote',
    baseUrl: given.UQPAY_BASE_URL,
    environment: uqpayEnvironment(given.UQPAY_BASE_URL),
    lines,
    rateLimitPerMinute: given.UQPAY_RATE_LIMIT_PER_MINUTE,
  };
}

/** The embedded sandbox. */
export function toEmbeddedUqpay(given: UqpayValues): UqpaySource {
  return { mode: 'embedded', rateLimitPerMinute: given.UQPAY_RATE_LIMIT_PER_MINUTE };
}

/** The ledgers that are read, for display. */
export function uqpayServes(source: UqpaySource): string {
  return (source.mode === 'embedded' ? uqpayLines : Object.keys(source.lines)).join(', ');
}

function toLines(given: UqpayValues): UqpayCredentials {
  const general = toCredential(given.UQPAY_CLIENT_ID, given.UQPAY_API_KEY);
  const own: Record<UqpayLine, UqpayCredential | null> = {
    banking: toCredential(given.UQPAY_BANKING_CLIENT_ID, given.UQPAY_BANKING_API_KEY),
    issuing: toCredential(given.UQPAY_ISSUING_CLIENT_ID, given.UQPAY_ISSUING_API_KEY),
    payment: toCredential(given.UQPAY_PAYMENT_CLIENT_ID, given.UQPAY_PAYMENT_API_KEY),
  };
  const lines: Partial<Record<UqpayLine, UqpayCredential>> = {};
  for (const line of uqpayLines) {
    const credential = own[line] ?? general;
    if (credential !== null) lines[line] = credential;
  }
  return lines;
}

function toCredential(clientId: string | undefined, apiKey: string | undefined): UqpayCredential | null {
  return clientId === undefined || apiKey === undefined ? null : { clientId, apiKey };
}
