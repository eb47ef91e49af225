import * as z from 'zod';
import { type AccountGrant, parseGrant, scopes } from '../domain/caller.ts';
import { parseJson } from './values.ts';

const grants = z
  .array(z.string())
  .min(1)
  .transform((texts, context): AccountGrant[] =>
    texts.flatMap((text, index) => {
      const grant = parseGrant(text);
      if (grant !== null) return [grant];
      context.addIssue({ code: 'custom', message: `entry ${index + 1} names no account` });
      return [];
    }),
  );

const toScope = (text: string) => scopes.find((scope) => scope === text);

/** Shows the wrong scope only if it can only be a word: text pasted from a key has digits or capitals, or is longer. */
function refuseScope(text: string, context: z.RefinementCtx): never {
  const shown = /^[a-z]{1,16}(?::[a-z]{1,16})?$/.test(text) ? `"${text}"` : 'that may be shown here';
  context.addIssue({ code: 'custom', message: `there is no scope ${shown}` });
  return z.NEVER;
}

const apiKeys = z
  .array(
    z.strictObject({
      subject: z.string().min(1).max(128),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      scopes: z
        .array(z.string().transform((text, context) => toScope(text) ?? refuseScope(text, context)))
        .min(1),
      accounts: grants,
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
  const parsed = apiKeys.safeParse(parseJson(text));
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

/**
 * Locates the first mistake by index and member name. An unknown member is reported before a missing one, because a
 * misspelling causes both.
 */
function placeOf({ issues }: z.ZodError): string {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const [keyIndex, ...rest] = issue?.path ?? [];
  if (typeof keyIndex !== 'number') return '';
  const member = rest.length === 0 ? '' : ` in "${String(rest[0])}"`;
  return `. Number ${keyIndex + 1} of the array is wrong${member}${hintFor(issue, rest[0])}`;
}

/** Says what is allowed at the mistake. Names unknown members, because names are not secrets. */
function hintFor(issue: z.core.$ZodIssue | undefined, member: PropertyKey | undefined): string {
  if (issue?.code === 'unrecognized_keys') {
    const names = issue.keys.map((name) => JSON.stringify(name.slice(0, nameShownMax))).join(', ');
    return `: it has no member ${names}`;
  }
  const problem = issue?.code === 'custom' ? `: ${issue.message}` : '';
  if (member === 'scopes') return `${problem}: allowed are ${scopes.join(', ')}`;
  if (member === 'accounts') {
    return `${problem}: allowed are *, UQPAY/*, UQPAY/master, or a provider and its identifier`;
  }
  return member === 'sha256' ? ': it is the SHA-256 of the key, 64 digits 0-9a-f' : '';
}

/** A longer name was pasted into the wrong place. */
const nameShownMax = 24;
