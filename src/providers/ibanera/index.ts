import { upperCaseCodes } from '../../domain/currency-code.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import type { PageTokenBook } from '../../ports/transaction-feed.ts';
import { createMasterOnlyBook } from '../shared/master-only.ts';
import { createBalanceBook } from './balances.ts';
import { createIbaneraClient, type IbaneraParts } from './client.ts';
import type { IbaneraConfig } from './config.ts';
import { createTransactionBook } from './transactions.ts';

export type { IbaneraParts } from './client.ts';
export type { IbaneraConfig } from './config.ts';

/** Ibanera as a provider; its transactions, where they are switched on, are read by page token. */
export interface IbaneraProvider extends Provider {
  readonly transactions: ReadonlyMap<Ledger, PageTokenBook>;
}

/** Throws TypeError naming IBANERA_TOTP_SECRET when that is not base32. */
export function createIbanera(config: IbaneraConfig, parts: IbaneraParts): IbaneraProvider {
  const now = () => parts.clock.now();
  const client = createIbaneraClient(config, parts);
  const balances = createBalanceBook(client);
  return {
    code: 'IBANERA',
    name: 'Ibanera',
    environment: config.environment,
    ledgers: ['ASSET'],
    codes: upperCaseCodes,
    accounts: createMasterOnlyBook('IBANERA', 'ASSET', now),
    balances: new Map([['ASSET', balances]]),
    transactions: new Map(
      config.transactions ? [['ASSET', createTransactionBook(client, balances, now)]] : [],
    ),
  };
}
