import * as z from 'zod';
import type { UqpayBehaviour } from './uqpay/index.ts';

/** A variable of the environment that cannot be used; the message names it and what is allowed. */
export class SandboxSettingsError extends Error {
  override readonly name = 'SandboxSettingsError';
}

const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from 0 to ${max}`)
    .transform(Number)
    .refine((value) => value <= max, `must be a whole number from 0 to ${max}`);

/** Providers that have a sandbox take ports one after the other. */
const portMax = 65_533;

const environmentSchema = z.object({
  SANDBOX_PORT: wholeNumber(portMax).default(4100),
  SANDBOX_LATENCY_MS: wholeNumber(60_000).default(0),
  SANDBOX_CONTROL: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
});

/**
 * Where the documents and UQPAY's own newest clients disagree, the sandbox that people point a client at takes the
 * clients' side (reference section 8, rows 1, 6, 8 and 11; section 2.1 for `x-client-id`). The gateway's own
 * sandbox stays as strict as the documents.
 */
export const asNewestClients: Partial<UqpayBehaviour> = {
  issuingAmountsAs: 'string',
  bankingPageSizeMin: 1,
  accountsPageSizeMin: 1,
  accountsClientIdRequired: false,
  paymentIdempotencyKeyRequired: false,
};

/** What `npm run sandbox` takes from the environment: what holds for all sandboxes, and what for one. */
export interface SandboxSettings {
  readonly latencyMs: number;
  readonly control: boolean;
  readonly uqpay: { readonly port: number; readonly behaviour: Partial<UqpayBehaviour> };
  readonly ibanera: { readonly port: number };
  readonly noah: { readonly port: number };
}

/**
 * Reads SANDBOX_PORT (4100: UQPAY's; Ibanera has the next one, NOAH the one after; 0 takes any free ones),
 * SANDBOX_LATENCY_MS (0) and SANDBOX_CONTROL (0). Throws SandboxSettingsError.
 */
export function loadSandboxSettings(
  environment: Readonly<Record<string, string | undefined>>,
): SandboxSettings {
  const filled = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(filled);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new SandboxSettingsError(lines.join('; '));
  }
  const { SANDBOX_PORT, SANDBOX_LATENCY_MS, SANDBOX_CONTROL } = parsed.data;
  const portAt = (index: number) => (SANDBOX_PORT === 0 ? 0 : SANDBOX_PORT + index);
  return {
    latencyMs: SANDBOX_LATENCY_MS,
    control: SANDBOX_CONTROL === '1',
    uqpay: { port: portAt(0), behaviour: asNewestClients },
    ibanera: { port: portAt(1) },
    noah: { port: portAt(2) },
  };
}
