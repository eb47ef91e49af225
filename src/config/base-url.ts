import * as z from 'zod';

/** Rules for one provider's base URL, in addition to those for all. */
export interface BaseUrlRule {
  /** A valid example, shown when the value is not a URL. */
  readonly example: string;
  /** What is wrong with the path, as the rest of a sentence that starts with the variable's name; null when nothing is. */
  pathProblem(url: URL): string | null;
}

/**
 * An API base URL: https, or http to this machine only, because credentials are sent in headers. Trailing slashes are
 * removed. The messages never repeat the value, because a mistyped URL may contain a secret.
 */
export function baseUrl(rule: BaseUrlRule) {
  return z.string().transform((value, context) => {
    const problem = baseUrlProblem(value, rule);
    if (problem !== null) {
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    }
    return new URL(value).href.replace(/\/+$/, '');
  });
}

/** URL of a key set: https, or http to this machine only. The messages never repeat the value. */
export const secureUrl = z.string().refine(
  (value) => {
    if (!/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value) || value.includes('@')) return false;
    const { protocol, hostname } = new URL(value);
    return protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname));
  },
  { error: 'must be an absolute URL that starts with https://; plain http is allowed for this machine only' },
);

/** Whether a URL's host is this machine. */
export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function baseUrlProblem(value: string, { example, pathProblem }: BaseUrlRule): string | null {
  // The URL parser silently drops blanks and control characters; a value with them is a mistake.
  if (!/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) {
    return `must be an absolute URL, for example ${example}`;
  }
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must start with https://';
  if (url.protocol === 'http:' && !isThisMachine(url.hostname)) {
    return 'must start with https://; plain http is allowed for this machine only (localhost, 127.0.0.1, [::1])';
  }
  if (/[@?#]/.test(value)) return 'must not contain a user name, a password, a query or a fragment';
  return pathProblem(url);
}
