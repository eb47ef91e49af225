import { describe, expect, test } from '@jest/globals';
import { noahCredentialProblem } from '../../../src/providers/noah/index.ts';

const sandbox = 'https://api.sandbox.noah.com/v1';
const production = 'https://api.noah.com/v1';
const loopback = 'http://127.0.0.1:4300/v1';

describe('the credentials of an address', () => {
  test.each([
    [sandbox, 'apikey_sandbox_abc_def', null],
    [sandbox, 'apikey_sandbox_abc', 'pem'],
    [production, 'apikey_prod_abc', 'pem'],
    [loopback, 'anything', null],
  ])('%s takes %s', (baseUrl, apiKey, signingKeyPem) => {
    expect(noahCredentialProblem({ baseUrl, apiKey, signingKeyPem })).toBeNull();
  });

  test.each([
    [sandbox, 'apikey_prod_the-secret', /^NOAH_API_KEY .*NOAH_BASE_URL.*apikey_sandbox_/],
    [production, 'apikey_sandbox_the-secret', /^NOAH_API_KEY .*NOAH_BASE_URL.*apikey_prod_/],
    [production, 'the-secret', /^NOAH_API_KEY/],
    [sandbox, 'apikey_sandbox_', /^NOAH_API_KEY/],
    [production, 'apikey_prod_the-secret', /^NOAH_SIGNING_KEY is missing/],
  ])('%s does not take %s, which is not repeated', (baseUrl, apiKey, message) => {
    const problem = noahCredentialProblem({ baseUrl, apiKey, signingKeyPem: null });
    expect(problem).toMatch(message);
    expect(problem).not.toContain('the-secret');
  });
});
