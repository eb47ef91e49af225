import type { AccountRef } from '../../domain/model.ts';
import { parseClaims } from './claims.ts';

interface OwnedRow {
  readonly account_id: string | null;
}

/**
 * Whose the rows of the master account's list are. Only the token names the master account, and nothing promises that
 * rows name it by the same id: a row is another account's once rows have been seen that do.
 */
export class RowOwners {
  private namesMaster = false;

  /** What says whose a row is, which was listed for `account`. */
  of(account: AccountRef, rows: readonly OwnedRow[], token: string): (row: OwnedRow) => AccountRef {
    if (account.providerAccountId !== null) return () => account;
    const masterId = parseClaims(token).entityId?.toLowerCase() ?? null;
    const isMaster = ({ account_id: owner }: OwnedRow) => owner !== null && owner.toLowerCase() === masterId;
    if (masterId !== null) this.namesMaster ||= rows.some(isMaster);
    if (!this.namesMaster) return () => account;
    return (row) =>
      row.account_id === null || isMaster(row)
        ? account
        : { provider: account.provider, providerAccountId: row.account_id };
  }
}
