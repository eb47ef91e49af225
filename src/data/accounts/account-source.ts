import { Failure } from '../../domain/failure.ts';
import type { Account, AccountRef } from '../../domain/model.ts';
import type { ProviderCode } from '../../domain/vocabulary.ts';
import { type AccountFeed, type AccountRange, type AccountSlice, isAtEnd } from '../../ports/account-feed.ts';
import type { Provider } from '../../ports/provider.ts';
import type { ReadContext, Reading } from '../../ports/upstream.ts';
import type { ListLengths } from '../list-lengths.ts';
import type { SourceOutcome } from '../pagination/page.ts';
import { type PageReading, readWhole } from '../shared-pages.ts';
import { toOutcome } from '../sources.ts';
import type { AccountReads } from './accounts.ts';

/** Dependencies for reading the accounts of one provider. */
export interface AccountSourcePorts {
  readonly reads: AccountReads;
  readonly lengths: ListLengths;
  readonly context: ReadContext;
  /** Epoch milliseconds. */
  now(): number;
}

/** Accounts of one provider that a caller may see: all, or the named ones. */
export type VisibleAccounts = 'ALL' | readonly AccountRef[];

/** The accounts of one provider, as one request reads them: the master account, then the connected ones. */
export class AccountSource {
  readonly provider: ProviderCode;
  /** Null if it could not be read, or the caller may not see it. */
  readonly master: Account | null;
  /** Number of accounts in the list when it was last read; null if unknown. */
  rowCountKnown: number | null;
  /** The slice read last. */
  slice: AccountSlice | null = null;
  failure: Failure | null;
  private readonly feed: AccountFeed;
  private readonly exists: Provider['accounts']['one'] | undefined;
  private readonly ports: AccountSourcePorts;
  private readonly lengths: ListLengths | null;
  private readonly startedMs: number;
  private readonly readings: PageReading<Account>[] = [];

  constructor(
    provider: Provider,
    master: Reading<Account> | Failure | null,
    feed: AccountFeed,
    ports: AccountSourcePorts,
    lengths: ListLengths | null,
  ) {
    this.provider = provider.code;
    this.feed = feed;
    this.ports = ports;
    this.lengths = lengths;
    this.exists = provider.accounts.one;
    this.startedMs = ports.now();
    this.failure = master instanceof Failure ? master : null;
    this.master = null;
    if (master !== null && !(master instanceof Failure)) {
      this.master = master.value;
      this.note(master, { rows: [master.value], rowCount: 1 });
    }
    const accountCount = lengths?.accountCountOf(provider.code) ?? null;
    this.rowCountKnown = accountCount === null ? null : accountCount - 1;
  }

  get sliceSizeMax(): number {
    return this.feed.sliceSizeMax;
  }

  /** Reads a slice, and returns whether it was read for this request. Rejects with a `Failure`. */
  async read(range: AccountRange, bypassCache: boolean): Promise<{ slice: AccountSlice; isNew: boolean }> {
    const reading = await this.feed.read(range, bypassCache);
    const slice = reading.value;
    this.note(reading, slice);
    this.slice = slice;
    this.rowCountKnown = slice.rowCount;
    if (slice.failure === null) {
      this.lengths?.noteAccounts(this.provider, this.accountCount(slice));
      this.lengths?.note(this.provider, Math.max(1, Math.ceil(slice.rowCount / this.sliceSizeMax)));
    }
    return { slice, isNew: reading.asOfMs >= this.startedMs };
  }

  /** The beginning of the list; null, with the failure stored, if it cannot be read. */
  async readFirst(): Promise<AccountSlice | null> {
    try {
      return (await this.read({ fromIndex: 0, toIndex: 1, firstNeeded: 'from', sliceStart: 0 }, false)).slice;
    } catch (error) {
      this.failure = toFailure(error);
      return null;
    }
  }

  /** Number of accounts, the master account included. */
  accountCount({ rowCount, listsMaster }: AccountSlice): number {
    return (this.master === null ? 0 : 1) + rowCount - (listsMaster ? 1 : 0);
  }

  /** Whether the last slice contains the whole list. */
  isShownWhole(): boolean {
    return this.slice !== null && this.slice.startIndex === 0 && isAtEnd(this.slice);
  }

  /** Whether the provider reports that the account exists now; null if it does not tell. */
  async isKnown(providerAccountId: string): Promise<boolean | null> {
    if (this.exists === undefined) return null;
    try {
      const context = { ...this.ports.context, freshFromMs: this.startedMs };
      return (await this.exists(providerAccountId, context)).value !== null;
    } catch (error) {
      const isUnknown =
        error instanceof Failure && /^UPSTREAM_(?:REJECTED|FORBIDDEN|SHAPE)$/.test(error.code);
      if (isUnknown) return null;
      throw error;
    }
  }

  outcome(): SourceOutcome {
    const account = { provider: this.provider, providerAccountId: null };
    return toOutcome(account, null, { pages: this.readings, failure: this.failure });
  }

  private note(
    { asOfMs, staleBecause }: Reading<unknown>,
    { rows, rowCount }: { readonly rows: readonly Account[]; readonly rowCount: number },
  ): void {
    this.readings.push({ asOfMs, staleBecause, value: { rows, rowCount, hasMore: false } });
  }
}

/** Starts reading a provider's accounts. Never rejects with a `Failure`: the source has it. */
export async function openAccountSource(
  provider: Provider,
  visible: VisibleAccounts,
  ports: AccountSourcePorts,
): Promise<AccountSource> {
  const { reads, lengths, context } = ports;
  const { feed, hasConnected } = provider.accounts;
  const seesMaster = visible === 'ALL' || visible.some(({ providerAccountId }) => providerAccountId === null);
  const master = seesMaster ? await reads.master(provider).catch(toFailure) : null;
  if (visible !== 'ALL') {
    const named = createFeedOf(() => readNamed(provider, visible, reads));
    return new AccountSource(provider, master, named, ports, null);
  }
  if (feed !== undefined) return new AccountSource(provider, master, feed(context), ports, lengths);
  const whole = hasConnected === false ? async () => nothing : () => readConnected(provider, reads);
  return new AccountSource(provider, master, createFeedOf(whole), ports, lengths);
}

/** A list that is read whole. */
type WholeRows = Reading<Pick<AccountSlice, 'rows' | 'failure'>>;

const nothing: WholeRows = {
  value: { rows: [], failure: null },
  asOfMs: Number.POSITIVE_INFINITY,
  staleBecause: null,
};

/** A feed over a list that is read whole, once. */
function createFeedOf(readRows: () => Promise<WholeRows>): AccountFeed {
  let whole: Promise<WholeRows> | null = null;
  return {
    sliceSizeMax: 100,
    async read() {
      whole ??= readRows();
      const { value, asOfMs, staleBecause } = await whole;
      const { rows, failure } = value;
      const slice = { startIndex: 0, rows, rowCount: rows.length, listsMaster: false, failure };
      return { value: slice, asOfMs, staleBecause };
    },
  };
}

async function readConnected(provider: Provider, reads: AccountReads): Promise<WholeRows> {
  const { pages, failure } = await readWhole(reads.connected(provider));
  if (pages.length === 0 && failure !== null) throw failure;
  // An account that moved to a later page while the list was read appears twice.
  const rows = [
    ...new Map(pages.flatMap(({ value }) => value.rows.map((row) => [row.providerAccountId, row]))).values(),
  ];
  const staleBecause = pages.find((page) => page.staleBecause !== null)?.staleBecause ?? null;
  return { value: { rows, failure }, asOfMs: Math.min(...pages.map(({ asOfMs }) => asOfMs)), staleBecause };
}

/** The named accounts, ordered by identifier; no others are read. Those that do not exist are left out. */
async function readNamed(
  provider: Provider,
  visible: readonly AccountRef[],
  reads: AccountReads,
): Promise<WholeRows> {
  const ids = visible.flatMap(({ providerAccountId }) => providerAccountId ?? []);
  const found = [...(await reads.named(provider, ids.sort())).values()];
  const failure = found.find((row) => row instanceof Error) ?? null;
  if (failure !== null && !(failure instanceof Failure)) throw failure;
  const known = found.filter((row): row is Reading<Account> => row !== null && !(row instanceof Error));
  if (known.length === 0 && failure !== null) throw failure;
  return {
    value: {
      // The master account is also found by its own identifier, but only callers granted "master" may see it.
      rows: known.map(({ value }) => value).filter(({ ref }) => ref.providerAccountId !== null),
      failure,
    },
    asOfMs: Math.min(...known.map(({ asOfMs }) => asOfMs)),
    staleBecause: known.find((row) => row.staleBecause !== null)?.staleBecause ?? null,
  };
}

function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
