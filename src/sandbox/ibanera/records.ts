/** An asset account; amounts are decimal text and are written as JSON numbers (reference sections 3 and 4). */
export interface AssetAccountRecord {
  readonly id: number;
  readonly asset: string;
  readonly totalBalance: string;
  readonly availableBalance: string;
  readonly pendingBalance: string;
  readonly bSuppressed: boolean;
}

/** A transaction of an asset account (reference section 6); `Amount` is signed decimal text. */
export interface TransactionRecord {
  readonly Id: number;
  readonly AccountsId: number;
  readonly FromTransactionsId: number | null;
  readonly FromAccountsId: number | null;
  readonly ToTransactionsId: number | null;
  readonly ToAccountsId: number | null;
  readonly RollbackTransactionsId: number | null;
  readonly Amount: string;
  readonly Description: string;
  /** ISO 8601 with offset and any number of fraction digits. */
  readonly DateTime: string;
  readonly bPending: boolean;
  readonly bCompleted: boolean;
  readonly bRejected: boolean;
}
