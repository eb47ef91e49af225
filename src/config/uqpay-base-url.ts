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

/** Which deployment a base URL leads to. A host nobody knows counts as live data: the careful label. */
export function uqpayEnvironment(url: string): 'SANDBOX' | 'PRODUCTION' {
  const { hostname } = new URL(url);
  return hostname === sandboxHost || isThisMachine(hostname) ? 'SANDBOX' : 'PRODUCTION';
}
