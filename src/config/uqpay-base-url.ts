import * as z from 'zod';

/** UQPAY's test system (reference section 1.1). */
export const uqpaySandboxUrl = 'https://api-sandbox.uqpaytech.com/api';
const sandboxHost = 'api-sandbox.uqpaytech.com';
const productionHost = 'api.uqpay.com';

/**
 * An API base: https, or http to this machine only, because the key pair travels in headers. Comes out without
 * trailing slashes. The messages never repeat the value: a URL typed wrongly may hold a secret.
 */
export const uqpayBaseUrl = z.string().transform((value, context) => {
  const problem = baseUrlProblem(value);
  if (problem !== null) {
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  }
  return new URL(value).href.replace(/\/+$/, '');
});

/** Where keys are read from: https, or http to this machine only. The messages never repeat the value. */
export const secureUrl = z.string().refine(
  (value) => {
    if (!/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value) || value.includes('@')) return false;
    const { protocol, hostname } = new URL(value);
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  },
  { error: 'must be an absolute URL that starts with https://; plain http is allowed for this machine only' },
);

/** Which deployment a base URL leads to. A host nobody knows counts as live data: the careful label. */
export function uqpayEnvironment(baseUrl: string): 'SANDBOX' | 'PRODUCTION' {
  const { hostname } = new URL(baseUrl);
  return hostname === sandboxHost || isLoopback(hostname) ? 'SANDBOX' : 'PRODUCTION';
}

function baseUrlProblem(value: string): string | null {
  // The URL parser silently drops blanks and control characters; a value with them is a mistake.
  if (!/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) {
    return `must be an absolute URL, for example ${uqpaySandboxUrl}`;
  }
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must start with https://';
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return 'must start with https://; plain http is allowed for this machine only (localhost, 127.0.0.1, [::1])';
  }
  if (/[@?#]/.test(value)) return 'must not contain a user name, a password, a query or a fragment';
  const isUqpay = url.hostname === sandboxHost || url.hostname === productionHost;
  if (isUqpay && url.pathname.replace(/\/+$/, '') !== '/api') {
    return `must end with /api for UQPAY's own hosts: https://${url.hostname}/api`;
  }
  return null;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
