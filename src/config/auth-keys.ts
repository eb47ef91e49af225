import * as z from 'zod';
import { type AccountGrant, parseGrant, scopes } from '../domain/caller.ts';

const grants = z.array(z.string()).transform((texts, context): AccountGrant[] =>
  texts.flatMap((text) => {
    const grant = parseGrant(text);
    if (grant !== null) return [grant];
    context.addIssue({ code: 'custom', message: 'is no account' });
    return [];
  }),
);

const apiKeys = z
  .array(
    z.strictObject({
      subject: z.string().min(1).max(128),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      scopes: z.array(z.enum(scopes)).min(1),
      accounts: grants.refine((list) => list.length > 0),
      requestsPerMinute: z.int().min(0).max(1_000_000).optional(),
    }),
  )
  .min(1)
  .refine((keys) => new Set(keys.map(({ subject }) => subject)).size === keys.length)
  .refine((keys) => new Set(keys.map(({ sha256 }) => sha256)).size === keys.length);

const apiKeysProblem =
  'must be a JSON array of {"subject", "sha256", "scopes", "accounts", "requestsPerMinute" if it has its own}, each subject and each hash once; docs/security.md shows one';

/** `AUTH_KEYS`: callers with the hashes of their keys, as JSON. The messages never repeat the value. */
export const authKeys = z.string().transform((text, context) => {
  const parsed = apiKeys.safeParse(toJson(text));
  if (parsed.success) {
    return parsed.data.map(({ sha256, accounts, requestsPerMinute, ...known }) => ({
      caller: {
        ...known,
        grants: accounts,
        ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
      },
      sha256,
    }));
  }
  context.addIssue({ code: 'custom', message: `${apiKeysProblem}${placeOf(parsed.error)}` });
  return z.NEVER;
});

/** Where the first mistake is, by index and member name; never the value. */
function placeOf({ issues: [issue] }: z.ZodError): string {
  const [keyIndex, ...rest] = issue?.path ?? [];
  if (typeof keyIndex !== 'number') return '';
  const member = rest.length === 0 ? '' : ` in "${String(rest[0])}"`;
  return `. Number ${keyIndex + 1} of the array is wrong${member}${hintFor(issue, rest[0])}`;
}

/** What is allowed where the mistake is; a member that no key has is named, because names are no secrets. */
function hintFor(issue: z.core.$ZodIssue | undefined, member: PropertyKey | undefined): string {
  if (issue?.code === 'unrecognized_keys') {
    const names = issue.keys.map((name) => JSON.stringify(name.slice(0, nameShownMax))).join(', ');
    return `: it has no member ${names}`;
  }
  if (member === 'scopes') return `: allowed are ${scopes.join(', ')}`;
  if (member === 'accounts')
    return ': allowed are *, UQPAY/*, UQPAY/master, or a provider and its identifier';
  return member === 'sha256' ? ': it is the SHA-256 of the key, 64 digits 0-9a-f' : '';
}

/** A longer name is something that was pasted into the wrong place. */
const nameShownMax = 24;

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
