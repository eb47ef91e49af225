import { createSpelledCodes } from '../../domain/currency-code.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import type { PageTokenBook } from '../../ports/transaction-feed.ts';
import { createMasterOnlyBook } from '../shared/master-only.ts';
import { createBalanceBook } from './balances.ts';
import { createNoahClient, type NoahParts } from './client.ts';
import type { NoahConfig } from './config.ts';
import { createTransactionBook } from './transactions.ts';

export type { NoahParts } from './client.ts';
export type { NoahConfig } from './config.ts';

/** NOAH as a provider; its transactions are read by page token. */
export interface NoahProvider extends Provider {
  readonly transactions: ReadonlyMap<Ledger, PageTokenBook>;
}

/** Throws TypeError naming NOAH_SIGNING_KEY when that is no usable key. */
export function createNoah(config: NoahConfig, parts: NoahParts): NoahProvider {
  const now = () => parts.clock.now();
  const client = createNoahClient(config, parts);
  const codes = createSpelledCodes();
  const balances = createBalanceBook(client, codes);
  return {
    code: 'NOAH',
    name: 'NOAH',
    environment: config.environment,
    ledgers: ['CURRENT'],
    codes,
    accounts: createMasterOnlyBook('NOAH', 'CURRENT', now),
    balances: new Map([['CURRENT', balances]]),
    transactions: new Map([['CURRENT', createTransactionBook(client, codes, now)]]),
  };
}
