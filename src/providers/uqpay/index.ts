import { upperCaseCodes } from '../../domain/currency-code.ts';
import { Failure } from '../../domain/failure.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { AccountRepository, BalanceRepository, Provider, ProviderParts } from '../../ports/provider.ts';
import type { PageNumberFeed } from '../../ports/transaction-feed.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { credentialDigest } from '../shared/credential-digest.ts';
import { createAccountRepository } from './accounts.ts';
import { createBalanceRepository } from './balances.ts';
import { createUqpayClient } from './client.ts';
import {
  ledgerOfLine,
  type UqpayConfig,
  type UqpayCredential,
  type UqpayFamily,
  type UqpayLine,
  uqpayLines,
} from './config.ts';
import { createExchangeRateRepository } from './exchange-rates.ts';
import { createTokenSource, type TokenSource } from './token.ts';
import { createTransactionFeed, transactionLines } from './transactions.ts';

export type { UqpayConfig, UqpayCredential, UqpayLine } from './config.ts';

/** UQPAY as a provider; its transactions are read by page number. */
export interface UqpayProvider extends Provider {
  readonly transactions: ReadonlyMap<Ledger, PageNumberFeed>;
}

/** UQPAY for the lines that have credentials. Throws if no line has any. */
export function createUqpay(config: UqpayConfig, parts: ProviderParts): UqpayProvider {
  const lines = uqpayLines.filter((line) => config.lines[line] !== undefined);
  const firstLine = lines[0];
  if (firstLine === undefined) throw new TypeError('UQPAY needs the credentials of at least one line');
  const sources = new Map<string, TokenSource>();

  function connect(line: UqpayLine, family: UqpayFamily, ledger: Ledger | null) {
    const credential = config.lines[line] as UqpayCredential;
    const digest = credentialDigest('UQPAY', config.environment, credential.clientId, credential.apiKey);
    let tokens = sources.get(digest);
    if (tokens === undefined) {
      const variables = toVariables(config, credential);
      tokens = createTokenSource({
        ...{ baseUrl: config.baseUrl, credential, digest, variables },
        ...{ http: parts.http, tokenStore: parts.tokens, clock: parts.clock },
      });
      sources.set(digest, tokens);
    }
    const { http, upstream, clock, replies, log } = parts;
    const client = createUqpayClient({
      config,
      family,
      ledger,
      credential,
      digest,
      tokens,
      http,
      upstream,
      clock,
      replies,
      log,
    });
    return { client, tokens, digest };
  }

  const now = () => parts.clock.now();
  // The route belongs to the global account; UQPAY decides whether credentials of another line may read it.
  const exchangeRates = createExchangeRateRepository(connect(firstLine, firstLine, null).client);
  const accounts = createAccountRepository({ ...connect(firstLine, 'accounts', null), lines, now });
  const balances = new Map<Ledger, BalanceRepository>();
  const transactions = new Map<Ledger, PageNumberFeed>();
  for (const line of lines) {
    const ledger = ledgerOfLine[line];
    const { client, digest } = connect(line, line, ledger);
    balances.set(ledger, { ...createBalanceRepository(line, client, now), credential: digest });
    const listed = transactionLines.find((known) => known === line);
    if (listed === undefined) continue;
    const isConnected = (id: string, context: ReadContext) => isConnectedAccount(accounts, id, context);
    transactions.set(ledger, createTransactionFeed(listed, client, isConnected, now));
  }
  return {
    code: 'UQPAY',
    name: 'UQPAY',
    environment: config.environment,
    ledgers: lines.map((line) => ledgerOfLine[line]),
    codes: upperCaseCodes,
    accounts,
    balances,
    transactions,
    exchangeRates,
  };
}

/** Whether UQPAY knows a connected account with this id; also false if these credentials may not ask. */
async function isConnectedAccount(
  accounts: AccountRepository,
  id: string,
  context: ReadContext,
): Promise<boolean> {
  try {
    return (await accounts.one?.(id, context))?.value != null;
  } catch (error) {
    const isRefused = error instanceof Failure && /^UPSTREAM_(?:FORBIDDEN|REJECTED)$/.test(error.code);
    if (isRefused) return false;
    throw error;
  }
}

/** Names of the variables that a credential may have come from, for a message that asks to check them. */
function toVariables(config: UqpayConfig, credential: UqpayCredential): string {
  const users = uqpayLines.filter((line) => config.lines[line]?.clientId === credential.clientId);
  const general = 'UQPAY_CLIENT_ID and UQPAY_API_KEY';
  if (users.length === uqpayLines.length) return general;
  const own = users.map(
    (line) => `UQPAY_${line.toUpperCase()}_CLIENT_ID and UQPAY_${line.toUpperCase()}_API_KEY`,
  );
  return `${own.join(', ')} (or ${general}, where a line has no pair of its own)`;
}
