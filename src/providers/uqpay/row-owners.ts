import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { AccountRef, Transaction } from '../../domain/model.ts';
import type { ReadContext } from '../../ports/upstream.ts';
import { parseClaims } from './claims.ts';

interface OwnedRow {
  readonly account_id: string | null;
}

/** Whether UQPAY has a connected account with this id. */
export type AccountLookUp = (id: string, context: ReadContext) => Promise<boolean>;

/** Most accounts that are looked up for one page. */
const lookUpsMax = 20;
/** More ids than the list of any master account should name. */
const knownIdsMax = 10_000;

/**
 * Finds out whose rows the master account's list holds. The token may name the master account (`entity_id`), but
 * nothing promises that rows name it by the same id. If they do, all rows with another id belong to other accounts. If
 * they do not, and the token or a second id shows that not all rows can be the master account's, UQPAY is asked once
 * for each id whether it is a connected account.
 */
export class RowOwners {
  private readonly isConnected: AccountLookUp;
  private readonly details: FailureDetails;
  /** In lower case; null if tokens do not name it, undefined before a reply to this process. */
  private masterId: string | null | undefined;
  private namesMaster = false;
  /** Ids that were looked up, in lower case, and whether they are connected accounts. */
  private readonly known = new Map<string, boolean>();
  /** Ids that rows named and that were not looked up, by their lower-case form. */
  private readonly unknown = new Map<string, string>();

  constructor(isConnected: AccountLookUp, details: FailureDetails) {
    this.isConnected = isConnected;
    this.details = details;
  }

  /**
   * Returns the function that says which account a row of the list of `listed` names; without an id, it is `listed`.
   */
  namedBy(listed: AccountRef, token: string): (row: OwnedRow) => AccountRef {
    if (listed.providerAccountId !== null) return () => listed;
    this.masterId = parseClaims(token).entityId?.toLowerCase() ?? null;
    return ({ account_id: id }) => {
      if (id === null) return listed;
      if (id.toLowerCase() !== this.masterId) return { provider: listed.provider, providerAccountId: id };
      this.namesMaster = true;
      return listed;
    };
  }

  /**
   * Whether rows come from another replica's cached read and name other accounts, while no reply to this process has
   * shown yet how rows name the master account.
   */
  needsReply(listed: AccountRef, rows: readonly Transaction[]): boolean {
    if (listed.providerAccountId !== null || this.masterId !== undefined) return false;
    return rows.some(({ account }) => account.providerAccountId !== null);
  }

  /** The rows with the accounts that they belong to. Throws UPSTREAM_SHAPE if that cannot be determined. */
  async settle(
    listed: AccountRef,
    rows: readonly Transaction[],
    context: ReadContext,
  ): Promise<readonly Transaction[]> {
    if (listed.providerAccountId !== null) return rows;
    if (this.needsReply(listed, rows)) throw this.failure();
    const named = new Map<string, string>();
    for (const { account } of rows) {
      if (account.providerAccountId !== null) {
        named.set(account.providerAccountId.toLowerCase(), account.providerAccountId);
      }
    }
    if (named.size === 0 || this.namesMaster) return rows;
    await this.lookUp(named, context);
    return rows.map((row) => (this.isOthers(row) ? row : { ...row, account: listed }));
  }

  private isOthers({ account: { providerAccountId } }: Transaction): boolean {
    return providerAccountId !== null && this.known.get(providerAccountId.toLowerCase()) === true;
  }

  private async lookUp(named: ReadonlyMap<string, string>, context: ReadContext): Promise<void> {
    if (this.known.size > knownIdsMax) this.known.clear();
    for (const [id, text] of named) if (!this.known.has(id)) this.unknown.set(id, text);
    const ownIds = () => [...this.known.values()].filter((isConnected) => !isConnected).length;
    const isDoubtful = this.masterId !== null || this.unknown.size + ownIds() > 1;
    if (!isDoubtful || this.unknown.size === 0) return;
    if (this.unknown.size > lookUpsMax) {
      this.unknown.clear();
      throw this.failure();
    }
    for (const [id, text] of this.unknown) this.known.set(id, await this.isConnected(text, context));
    this.unknown.clear();
    if (ownIds() > 1) throw this.failure();
  }

  private failure(): Failure {
    return new Failure(
      'UPSTREAM_SHAPE',
      'UQPAY lists transactions of several accounts under its master account, and nothing says which of them are the ' +
        'master account’s own. Ask for those of connected accounts by their IDs ("accountIds").',
      { ...this.details, retryable: false },
    );
  }
}
