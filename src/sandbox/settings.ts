import * as z from 'zod';

/** An environment variable with an invalid value; the message names it and what is allowed. */
export class SandboxSettingsError extends Error {
  override readonly name = 'SandboxSettingsError';
}

const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from 0 to ${max}`)
    .transform(Number)
    .refine((value) => value <= max, `must be a whole number from 0 to ${max}`);

/** Leaves room for the ports after it. */
const portMax = 65_500;

const environmentSchema = z.object({
  SANDBOX_PORT: wholeNumber(portMax).default(4100),
  SANDBOX_LATENCY_MS: wholeNumber(60_000).default(0),
  SANDBOX_CONTROL: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  SANDBOX_ACTIVITY: z.enum(['on', 'off'], 'must be on or off').default('off'),
  SANDBOX_WEBHOOKS_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
});

/** What `npm run sandbox` reads from the environment. */
export interface SandboxSettings {
  /** Port of the first sandbox; the others use the ports after it. 0 uses any free ones. */
  readonly port: number;
  readonly latencyMs: number;
  readonly control: boolean;
  /** Whether the data change by themselves. */
  readonly activity: boolean;
  /** Webhooks go to this URL with the provider's name appended (`/uqpay`); null for none. */
  readonly webhooksUrl: string | null;
}

/**
 * Reads SANDBOX_PORT (4100), SANDBOX_LATENCY_MS (0), SANDBOX_CONTROL (0), SANDBOX_ACTIVITY (off) and
 * SANDBOX_WEBHOOKS_URL (none). Throws SandboxSettingsError.
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
  const values = parsed.data;
  return {
    port: values.SANDBOX_PORT,
    latencyMs: values.SANDBOX_LATENCY_MS,
    control: values.SANDBOX_CONTROL === '1',
    activity: values.SANDBOX_ACTIVITY === 'on',
    webhooksUrl: values.SANDBOX_WEBHOOKS_URL?.replace(/\/+$/, '') ?? null,
  };
}
