import type { Problem } from './graphql-client.ts';
import type { Source } from './queries.ts';

/** Values that filters offer, in the schema's spelling; a test compares them with the schema. */
export const ledgers = ['BANKING', 'ISSUING', 'PAYMENT', 'ASSET', 'CURRENT'];
export const transactionStatuses = ['PENDING', 'COMPLETED', 'FAILED', 'CANCELLED'];
export const transactionDirections = ['CREDIT', 'DEBIT', 'UNSPECIFIED'];
export const transactionTypes = [
  'DEPOSIT',
  'PAYIN',
  'PAYOUT',
  'TRANSFER',
  'TRANSFER_IN',
  'TRANSFER_OUT',
  'FUNDS_TRANSFER_IN',
  'FUNDS_TRANSFER_OUT',
  'CONVERSION',
  'FEE',
  'FEE_DEDUCTION',
  'FEE_REFUND',
  'REFUND',
  'ADJUSTMENT',
  'INVOICE',
  'ISSUING_AUTHORIZATION',
  'ISSUING_REVERSAL',
  'ISSUING_REFUND',
  'CARD_RECHARGE',
  'CARD_WITHDRAW',
  'SETTLEMENT_DEBIT',
  'SETTLEMENT_CREDIT',
  'SETTLEMENT_REVERSAL',
  'MARGIN_PAYMENT',
  'MARGIN_REFUND',
  'OTHER',
];

/** For example `SETTLEMENT_DEBIT` becomes `Settlement debit`. */
export function inWords(value: string): string {
  const text = value.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Why something could not be read, as the end of a sentence. */
const reasons: Readonly<Record<string, string>> = {
  UPSTREAM_AUTH: 'the provider refused the gateway\u2019s credentials',
  UPSTREAM_FORBIDDEN: 'the provider does not let this gateway read it',
  UPSTREAM_RATE_LIMITED: 'the provider allows no more calls at the moment',
  UPSTREAM_TIMEOUT: 'the provider did not answer in time',
  UPSTREAM_UNAVAILABLE: 'the provider cannot be reached',
  UPSTREAM_REJECTED: 'the provider refused the request',
  UPSTREAM_SHAPE: 'the provider\u2019s answer could not be read',
  UPSTREAM_BUDGET_EXHAUSTED: 'the calls of this minute are used up',
  CALLS_EXCEEDED: 'it needs more calls than one request may make',
  ACCOUNT_NOT_FOUND: 'the provider knows no such account',
};

/**
 * One sentence for each source that is incomplete or old. `whole` names a source that is no ledger, such as
 * `exchange rates`.
 */
export function sourceSentences(sources: readonly Source[], whole: string | null): readonly string[] {
  return sources
    .filter(({ state }) => state !== 'OK')
    .map((source) => {
      const { state, code, retryAfterSeconds, provider, ledger, providerAccountId } = source;
      const name = [providerNames[provider] ?? provider, ledger?.toLowerCase() ?? whole]
        .filter(Boolean)
        .join(' ');
      const account = providerAccountId === null ? '' : ` (account ${providerAccountId})`;
      const reason = code === null ? '' : `: ${reasons[code] ?? code}`;
      const again = retryAfterSeconds === null ? '' : `. Next try in ${retryAfterSeconds} s`;
      return `${name}${account} ${stateWords[state]}${reason}${again}.`;
    });
}

const stateWords = {
  OK: 'was read',
  STALE: 'shows an earlier reading',
  PARTIAL: 'was read in part',
  FAILED: 'could not be read',
} as const;

const providerNames: Readonly<Record<string, string>> = { UQPAY: 'UQPAY', IBANERA: 'Ibanera', NOAH: 'NOAH' };

/** What is wrong, as a heading and, where the heading does not say it all, a sentence. */
export function problemWords({ code, message }: Problem): readonly [string, string] {
  switch (code) {
    case 'OFFLINE':
      return ['The gateway cannot be reached', ''];
    case 'UNAUTHENTICATED':
      return ['This needs a key', message];
    case 'FORBIDDEN':
    case 'ACCOUNT_OUT_OF_SCOPE':
      return ['Your key may not read this', message];
    case 'RATE_LIMITED':
    case 'OVERLOADED':
      return ['Too many requests', ''];
    case 'UPSTREAM_BUDGET_EXHAUSTED':
      return ['The calls of this minute are used up', ''];
    case 'INCOMPLETE':
      return ['It is not whole', message];
    case 'BAD_USER_INPUT':
      return ['This cannot be asked', message];
    default:
      return [reasons[code] === undefined ? 'This could not be read' : capitalised(reasons[code]), message];
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
