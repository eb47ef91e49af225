import type { UqpaySandbox } from './uqpay/index.ts';

/** What to do with a sandbox that just started: how to point the gateway at it, and two commands to try. */
export function formatUqpayGuide(sandbox: UqpaySandbox, isControlServed: boolean): string {
  const { baseUrl, clientId, apiKey, control } = sandbox;
  const controlUrl = new URL('/__control/', baseUrl).href;
  return `UQPAY sandbox on ${baseUrl}
  ${control.accounts().length - 1} sub-accounts under master account ${sandbox.masterAccountId}
  client id  ${clientId}
  API key    ${apiKey}

Point the gateway at it:
  UQPAY_BASE_URL=${baseUrl} UQPAY_CLIENT_ID=${clientId} UQPAY_API_KEY=${apiKey} npm start

Mint a token, then read balances (a new token ends the one before it, so not while the gateway runs):
  TOKEN=$(curl -s -X POST ${baseUrl}/v1/connect/token -H 'x-client-id: ${clientId}' -H 'x-api-key: ${apiKey}' | sed 's/.*"auth_token":"\\([^"]*\\)".*/\\1/')
  curl -s '${baseUrl}/v1/balances?page_size=10&page_number=1' -H "x-auth-token: Bearer $TOKEN" -H 'x-client-id: ${clientId}'
${isControlServed ? `\nControl interface: POST ${controlUrl}<operation> with a JSON body\n` : ''}
Stop it with Ctrl+C.
`;
}
