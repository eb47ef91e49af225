import * as z from 'zod';
import { baseUrl, isThisMachine } from './base-url.ts';
import type { EmbeddedSource, ProviderVariables, RemoteSource } from './provider-variables.ts';
import { callsPerMinute, onOrOff, text, webhookSecret } from './values.ts';

/** Where Ibanera's data comes from. */
export type IbaneraSource = (EmbeddedSource | RemoteIbanera) & {
  /** Whether transactions are read. */
  readonly transactions: boolean;
};

interface RemoteIbanera extends RemoteSource {
  readonly username: string;
  readonly password: string;
  /** Base32, upper case, without blanks. */
  readonly totpSecret: string;
}

const environments = ['sandbox', 'production'] as const;

const totpSecret = z
  .string()
  // Authenticator apps show it in groups, in upper or lower case.
  .transform((value) => value.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase())
  .refine((value) => /^[A-Z2-7]{8,}$/.test(value), {
    error: 'must be base32: at least 8 of the letters A to Z and digits 2 to 7',
  });

/** Ibanera's variables, by name. */
export const ibaneraSchema = {
  IBANERA_BASE_URL: baseUrl({
    // Which host is the test system is not documented (reference section 10): there is no default.
    example: 'https://public-api.ibanera.com',
    pathProblem: ({ pathname }) =>
      /^\/+$/.test(pathname) ? null : 'must not have a path: those of the API all begin with /api',
  }).optional(),
  IBANERA_USERNAME: credentialText().optional(),
  IBANERA_PASSWORD: credentialText().optional(),
  IBANERA_TOTP_SECRET: totpSecret.optional(),
  IBANERA_ENVIRONMENT: z
    .enum(environments, { error: () => `must be one of ${environments.join(', ')}` })
    .optional(),
  IBANERA_TRANSACTIONS: onOrOff().optional(),
  IBANERA_RATE_LIMIT_PER_MINUTE: callsPerMinute().optional(),
  IBANERA_WEBHOOK_SECRET: webhookSecret().optional(),
};
type IbaneraValues = z.infer<z.ZodObject<typeof ibaneraSchema>>;

const credentials = ['IBANERA_USERNAME', 'IBANERA_PASSWORD', 'IBANERA_TOTP_SECRET'];
const together = ['IBANERA_BASE_URL', ...credentials];

export const ibaneraVariables: ProviderVariables = {
  code: 'IBANERA',
  name: 'Ibanera',
  tokenCallsPerMinute: null,
  names: Object.keys(ibaneraSchema),
  sets: [together],
  credentials,
  remedy: 'IBANERA_USERNAME, IBANERA_PASSWORD and IBANERA_TOTP_SECRET',
  embeddedNames: ['IBANERA_TRANSACTIONS', 'IBANERA_RATE_LIMIT_PER_MINUTE', 'IBANERA_WEBHOOK_SECRET'],
  namesShown: ['IBANERA_ENVIRONMENT', 'IBANERA_TRANSACTIONS', 'IBANERA_RATE_LIMIT_PER_MINUTE'],
};

/** The real Ibanera, from valid variables; null without credentials. */
export function toIbaneraSource(given: IbaneraValues): IbaneraSource | null {
  const { IBANERA_BASE_URL: url, IBANERA_USERNAME: username, IBANERA_PASSWORD: password } = given;
  const secret = given.IBANERA_TOTP_SECRET;
  if (url === undefined || username === undefined || password === undefined || secret === undefined)
    return null;
  return {
    mode: 'remote',
    baseUrl: url,
    environment: toEnvironment(given.IBANERA_ENVIRONMENT, url),
    username,
    password,
    totpSecret: secret,
    // Off by default, because the shape of rows is documented for callbacks only (reference section 6).
    transactions: given.IBANERA_TRANSACTIONS ?? false,
    rateLimitPerMinute: given.IBANERA_RATE_LIMIT_PER_MINUTE ?? null,
  };
}

/** The embedded sandbox. */
export function toEmbeddedIbanera(given: IbaneraValues): IbaneraSource {
  return {
    mode: 'embedded',
    transactions: given.IBANERA_TRANSACTIONS ?? true,
    rateLimitPerMinute: given.IBANERA_RATE_LIMIT_PER_MINUTE ?? null,
  };
}

/** The ledgers that are read, for display. */
export function ibaneraServes({ transactions }: IbaneraSource): string {
  return transactions ? 'asset accounts' : 'asset accounts, no transactions';
}

/** No host is documented as sandbox or production. Unless configured, a host counts as production, to be safe. */
function toEnvironment(
  said: (typeof environments)[number] | undefined,
  url: string,
): 'SANDBOX' | 'PRODUCTION' {
  if (said !== undefined) return said === 'sandbox' ? 'SANDBOX' : 'PRODUCTION';
  return isThisMachine(new URL(url).hostname) ? 'SANDBOX' : 'PRODUCTION';
}

function credentialText() {
  return text(
    'must be 1 to 1024 characters, not blanks alone, none of them a control character',
    (value) => value.length <= 1_024 && value.trim() !== '' && !/\p{Cc}/u.test(value),
  );
}
