import { uuidOf } from '../shared/uuid-of.ts';
import type { BalanceRecord, TransactionRecord } from './records.ts';
import type { Store } from './store.ts';

/** Test assets in every spelling that the grammar of amounts allows (reference section 3). */
const balances: readonly (Partial<BalanceRecord> & { CryptoCurrency: string })[] = [
  { CryptoCurrency: 'USDC_TEST', Available: '940.5', Total: '1000.00' },
  { CryptoCurrency: 'BTC_TEST', Available: '.25', Total: '+.25' },
  { CryptoCurrency: 'ETH_TEST_SEPOLIA', Available: '5.', Total: '5.000000000000000001' },
];

const networks = ['BaseTestSepolia', 'BitcoinTest', 'EthereumTestSepolia', 'OffNetwork'] as const;
const rowCount = 260;
const hourMs = 3_600_000;

/** Fills an empty store with the demo data: the same at every start, with times counted back from `nowMs`. */
export function fillDemo(store: Store, nowMs: number): void {
  for (const { CryptoCurrency, ...fields } of balances) store.setBalance(CryptoCurrency, fields);
  for (let rowIndex = rowCount; rowIndex > 0; rowIndex -= 1) {
    store.addTransaction(toRow(rowIndex, nowMs), nowMs);
  }
}

function toRow(rowIndex: number, nowMs: number): Partial<TransactionRecord> {
  const currency = balances[rowIndex % balances.length]?.CryptoCurrency ?? 'USDC_TEST';
  const isOut = rowIndex % 3 === 0;
  // Five rows share each time, so that the order within one second shows.
  const createdMs = nowMs - Math.ceil(rowIndex / 5) * 13 * hourMs;
  const seconds = new Date(createdMs).toISOString().slice(0, 19);
  return {
    ID: toUuid(rowIndex),
    Network: networks[rowIndex % networks.length] ?? 'OffNetwork',
    Created: rowIndex % 7 === 0 ? `${seconds}.${String(createdMs % 1_000).padStart(3, '0')}Z` : `${seconds}Z`,
    Status: rowIndex <= 5 ? 'Pending' : rowIndex % 17 === 0 ? 'Failed' : 'Settled',
    Direction: isOut ? 'Out' : 'In',
    CryptoCurrency: currency,
    // The amount is optional (reference section 4).
    ...(rowIndex % 13 === 0
      ? {}
      : { Amount: `${rowIndex}.${currency.startsWith('ETH') ? '000000000000000001' : '50'}` }),
    ...(isOut ? { NetworkFee: '.0002', CustomerID: `cust-${rowIndex % 9}` } : {}),
    ...(rowIndex % 4 === 1 ? { ExternalID: `inv-${rowIndex}` } : {}),
    ...(rowIndex % 5 === 2
      ? { FiatPayment: { Amount: `${rowIndex}.00`, FeeAmount: '1.00', FiatCurrency: 'USD', Rate: '1.0001' } }
      : {}),
    ...(rowIndex % 29 === 0
      ? {
          AdjustmentFor: {
            AdjustedTransactionID: toUuid(rowIndex + 1),
            AdjustmentID: toUuid(5_000 + rowIndex),
            Reason: 'ExchangeRateCorrection',
          },
        }
      : {}),
  };
}

function toUuid(rowIndex: number): string {
  return uuidOf(`noah ${rowIndex}`);
}
