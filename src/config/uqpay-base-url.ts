import { baseUrl, isThisMachine } from './base-url.ts';

/** UQPAY's test system (reference section 1.1). */
export const uqpaySandboxUrl = 'https://api-sandbox.uqpaytech.com/api';
const sandboxHost = 'api-sandbox.uqpaytech.com';
const productionHost = 'api.uqpay.com';

/** UQPAY's API base. */
export const uqpayBaseUrl = baseUrl({
  example: uqpaySandboxUrl,
  pathProblem({ hostname, pathname }) {
    const isUqpay = hostname === sandboxHost || hostname === productionHost;
    return isUqpay && pathname.replace(/\/+$/, '') !== '/api'
      ? `must end with /api for UQPAY's own hosts: https://${hostname}/api`
      : null;
  },
});

/** The environment of a base URL. An unknown host counts as production, to be safe. */
export function uqpayEnvironment(url: string): 'SANDBOX' | 'PRODUCTION' {
  const { hostname } = new URL(url);
  return hostname === sandboxHost || isThisMachine(hostname) ? 'SANDBOX' : 'PRODUCTION';
}
