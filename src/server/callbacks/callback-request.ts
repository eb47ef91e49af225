import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';

/** What a router sends with a subscription whose events it wants to be called with. */
export interface CallbackRequest {
  readonly url: URL;
  /** Names the subscription at the router. */
  readonly id: string;
  /** Proves to the router that a message comes from the subgraph that it asked. */
  readonly verifier: string;
  /** Longest time between two `check` messages; 0 for none. */
  readonly heartbeatIntervalMs: number;
}

const callbackUrl = z
  .string()
  .max(2_048)
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text))
  .transform((text) => new URL(text))
  // A message is not a place for credentials that the operator has not configured.
  .refine(({ username, password }) => username === '' && password === '');

const fields = {
  callbackUrl: { schema: callbackUrl, must: 'be an http or https URL without credentials' },
  subscriptionId: { schema: z.string().min(1).max(512), must: 'be a text of 1 to 512 characters' },
  verifier: { schema: z.string().min(1).max(1_024), must: 'be a text of 1 to 1024 characters' },
  heartbeatIntervalMs: {
    schema: z
      .int()
      .refine((value) => value === 0 || (value >= 100 && value <= 3_600_000))
      .default(5_000),
    must: 'be 0, for no heartbeats, or from 100 to 3600000',
  },
};

const bodySchema = z.object({
  extensions: z.object({
    subscription: z.object({
      callbackUrl: fields.callbackUrl.schema,
      subscriptionId: fields.subscriptionId.schema,
      verifier: fields.verifier.schema,
      heartbeatIntervalMs: fields.heartbeatIntervalMs.schema,
    }),
  }),
});

/** Reads `extensions.subscription` of a parsed body. Throws `Failure` BAD_USER_INPUT. */
export function parseCallbackRequest(body: unknown): CallbackRequest {
  const parsed = bodySchema.safeParse(body);
  if (parsed.success) {
    const { callbackUrl: url, subscriptionId: id, ...rest } = parsed.data.extensions.subscription;
    return { url, id, ...rest };
  }
  const name = String(parsed.error.issues[0]?.path[2]);
  const field = Object.entries(fields).find(([key]) => key === name)?.[1];
  const problem =
    field === undefined
      ? 'With "callbackSpec=1.0" in "accept" a subscription needs "extensions.subscription": callbackUrl, subscriptionId, verifier, heartbeatIntervalMs.'
      : `"extensions.subscription.${name}" must ${field.must}.`;
  throw new Failure('BAD_USER_INPUT', problem);
}
