import { createSpelledCodes } from '../../domain/currency-code.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import type { PageTokenFeed } from '../../ports/transaction-feed.ts';
import { createMasterOnlyRepository } from '../shared/master-only.ts';
import { createBalanceRepository } from './balances.ts';
import { createNoahClient, type NoahParts } from './client.ts';
import type { NoahConfig } from './config.ts';
import { createTransactionFeed } from './transactions.ts';

export type { NoahParts } from './client.ts';
export type { NoahConfig } from './config.ts';

/** NOAH as a provider; its transactions are read by page token. */
export interface NoahProvider extends Provider {
  readonly transactions: ReadonlyMap<Ledger, PageTokenFeed>;
}

/** Throws TypeError naming NOAH_SIGNING_KEY if it is not a usable key. */
export function createNoah(config: NoahConfig, parts: NoahParts): NoahProvider {
  const now = () => parts.clock.now();
  const client = createNoahClient(config, parts);
  const codes = createSpelledCodes();
  const balances = createBalanceRepository(client, codes);
  return {
    code: 'NOAH',
    name: 'NOAH',
    environment: config.environment,
    ledgers: ['CURRENT'],
    codes,
    accounts: createMasterOnlyRepository('NOAH', 'CURRENT', now),
    balances: new Map([['CURRENT', balances]]),
    transactions: new Map([['CURRENT', createTransactionFeed(client, codes, now)]]),
  };
}
