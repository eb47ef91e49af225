import type { UqpayCredential, UqpayCredentials, UqpayLine, UqpaySource } from './config.ts';
import { uqpayLines } from './config.ts';
import type { ConfigProblem } from './config-error.ts';
import { nearestName } from './nearest-name.ts';
import { uqpayEnvironment } from './uqpay-base-url.ts';
import { type Variables, variables } from './variables.ts';

const namesKnown = Object.keys(variables.shape).filter((name) => name.startsWith('UQPAY_'));
const pairs = ['UQPAY', ...uqpayLines.map((line) => `UQPAY_${line.toUpperCase()}`)].map((prefix) => ({
  clientId: `${prefix}_CLIENT_ID`,
  apiKey: `${prefix}_API_KEY`,
}));

/** What is wrong with the `UQPAY_` variables taken together: unknown names, half pairs, a URL without a key. */
export function uqpayProblems(env: Readonly<Record<string, string>>): ConfigProblem[] {
  const isSet = (name: string) => env[name] !== undefined;
  const unknown = Object.keys(env)
    .filter((name) => /^uqpay_/i.test(name) && !namesKnown.includes(name))
    .map((name) => ({
      name,
      problem: `is not a variable of this gateway; did you mean ${nearestName(name.toUpperCase(), namesKnown)}?`,
    }));
  const halves = pairs.flatMap(({ clientId, apiKey }) => {
    if (isSet(clientId) === isSet(apiKey)) return [];
    const [missing, given] = isSet(clientId) ? [apiKey, clientId] : [clientId, apiKey];
    return [{ name: missing, problem: `is not set, but ${given} is; set both or neither` }];
  });
  const hasCredentials = pairs.some(({ clientId, apiKey }) => isSet(clientId) || isSet(apiKey));
  const aimless =
    isSet('UQPAY_BASE_URL') && !hasCredentials
      ? [
          {
            name: 'UQPAY_BASE_URL',
            problem:
              'is set without credentials; set UQPAY_CLIENT_ID and UQPAY_API_KEY too, or unset it to use the embedded sandbox',
          },
        ]
      : [];
  return [...unknown, ...halves, ...aimless];
}

/** Where UQPAY's data comes from, once `uqpayProblems` found nothing: without any key pair, the embedded sandbox. */
export function toUqpaySource(given: Variables): UqpaySource {
  const rateLimitPerMinute = given.UQPAY_RATE_LIMIT_PER_MINUTE;
  const lines = toLines(given);
  if (Object.keys(lines).length === 0) return { mode: 'embedded', rateLimitPerMinute };
  return {
    mode: 'remote',
    baseUrl: given.UQPAY_BASE_URL,
    environment: uqpayEnvironment(given.UQPAY_BASE_URL),
    lines,
    rateLimitPerMinute,
  };
}

function toLines(given: Variables): UqpayCredentials {
  const general = toCredential(given.UQPAY_CLIENT_ID, given.UQPAY_API_KEY);
  const own: Record<UqpayLine, UqpayCredential | null> = {
    banking: toCredential(given.UQPAY_BANKING_CLIENT_ID, given.UQPAY_BANKING_API_KEY),
    issuing: toCredential(given.UQPAY_ISSUING_CLIENT_ID, given.UQPAY_ISSUING_API_KEY),
    payment: toCredential(given.UQPAY_PAYMENT_CLIENT_ID, given.UQPAY_PAYMENT_API_KEY),
  };
  const lines: Partial<Record<UqpayLine, UqpayCredential>> = {};
  for (const line of uqpayLines) {
    const credential = own[line] ?? general;
    if (credential !== null) lines[line] = credential;
  }
  return lines;
}

function toCredential(clientId: string | undefined, apiKey: string | undefined): UqpayCredential | null {
  return clientId === undefined || apiKey === undefined ? null : { clientId, apiKey };
}
