import { upperCaseCodes } from '../../domain/currency-code.ts';
import type { Ledger } from '../../domain/vocabulary.ts';
import type { Provider } from '../../ports/provider.ts';
import type { PageTokenFeed } from '../../ports/transaction-feed.ts';
import { createMasterOnlyRepository } from '../shared/master-only.ts';
import { createBalanceRepository } from './balances.ts';
import { createIbaneraClient, type IbaneraParts } from './client.ts';
import type { IbaneraConfig } from './config.ts';
import { createTransactionFeed } from './transactions.ts';

export type { IbaneraParts } from './client.ts';
export type { IbaneraConfig } from './config.ts';

/** Ibanera as a provider; its transactions, if they are switched on, are read by page token. */
export interface IbaneraProvider extends Provider {
  readonly transactions: ReadonlyMap<Ledger, PageTokenFeed>;
}

/** Throws TypeError naming IBANERA_TOTP_SECRET if it is not base32. */
export function createIbanera(config: IbaneraConfig, parts: IbaneraParts): IbaneraProvider {
  const now = () => parts.clock.now();
  const client = createIbaneraClient(config, parts);
  const balances = createBalanceRepository(client);
  return {
    code: 'IBANERA',
    name: 'Ibanera',
    environment: config.environment,
    ledgers: ['ASSET'],
    codes: upperCaseCodes,
    accounts: createMasterOnlyRepository('IBANERA', 'ASSET', now),
    balances: new Map([['ASSET', balances]]),
    transactions: new Map(
      config.transactions ? [['ASSET', createTransactionFeed(client, balances, now)]] : [],
    ),
  };
}
