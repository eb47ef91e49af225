import type { AssetAccountRecord } from './records.ts';
import type { Store } from './store.ts';

const accounts: readonly Partial<AssetAccountRecord>[] = [
  { asset: 'USD', totalBalance: '250310.75', availableBalance: '248000.70', pendingBalance: '2310.05' },
  { asset: 'EUR', totalBalance: '18250.10', availableBalance: '18250.10', pendingBalance: '0.00' },
  // Two accounts of one asset: only the provider's id distinguishes them.
  { asset: 'USD', totalBalance: '1200.00', availableBalance: '1200.00', pendingBalance: '0' },
  { asset: 'USDC', totalBalance: '512.500000', availableBalance: '512.500000', pendingBalance: '0' },
  {
    asset: 'ETH',
    totalBalance: '12.345678901234567891',
    availableBalance: '12.345678901234567890',
    pendingBalance: '0.000000000000000001',
  },
  { asset: 'GBP', totalBalance: '77.10', availableBalance: '77.10', pendingBalance: '0', bSuppressed: true },
  { asset: 'BTC', totalBalance: '1e-8', availableBalance: '1e-8', pendingBalance: '0' },
  // A card sample in the documents writes assets in lower case.
  {
    asset: 'usdt',
    totalBalance: '98765432109876543210.10',
    availableBalance: '0.1',
    pendingBalance: '-0.50',
  },
];

const rowsPerAccount = 45;
const dayMs = 86_400_000;

/** Fills an empty store with the demo data: the same at every start, with times counted back from `nowMs`. */
export function fillDemo(store: Store, nowMs: number): void {
  for (const [accountIndex, fields] of accounts.entries()) {
    const { id, asset } = store.addAccount(fields);
    for (let rowIndex = rowsPerAccount; rowIndex > 0; rowIndex -= 1) {
      const isOut = rowIndex % 3 === 0;
      const digits = asset === 'ETH' ? '.000000000000000001' : '.50';
      const isRecent = rowIndex <= 2;
      const isRejected = !isRecent && rowIndex % 11 === 0;
      store.addTransaction(
        {
          AccountsId: id,
          Amount: `${isOut ? '-' : ''}${rowIndex * (accountIndex + 3)}${digits}`,
          Description: isOut ? 'Outgoing transfer' : 'Deposit',
          DateTime: toDateTime(nowMs - rowIndex * dayMs - accountIndex * 3_600_000, rowIndex),
          bPending: isRecent,
          bCompleted: !isRecent && !isRejected,
          bRejected: isRejected,
        },
        nowMs,
      );
    }
  }
}

/** With `Z` or an offset and 0 to 7 fraction digits, as the callbacks write times (reference section 6). */
function toDateTime(epochMs: number, rowIndex: number): string {
  const fraction = '1234567'.slice(0, rowIndex % 8);
  const seconds = new Date(Math.floor(epochMs / 1_000) * 1_000).toISOString().slice(0, 19);
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}${rowIndex % 2 === 0 ? 'Z' : '+00:00'}`;
}
