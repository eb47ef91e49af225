import type { AccountRef } from './model.ts';
import { RecentValues } from './recent-values.ts';
import { type Ledger, ledgers, type ProviderCode, providerCodes } from './vocabulary.ts';

/** Identifies a balance: its account, ledger and currency, and what distinguishes two balances in the same currency. */
export interface BalanceKey {
  readonly account: AccountRef;
  readonly ledger: Ledger;
  readonly currency: string;
  /** Null if a ledger holds a currency only once. */
  readonly distinguishingId: string | null;
}

/** Identifies a transaction and helps to find it: its list, its creation second, and the provider's identifier. */
export interface TransactionKey {
  readonly account: AccountRef;
  readonly ledger: Ledger;
  /** Whole seconds since the epoch, rounded down. */
  readonly createdSecond: number;
  /** Whether the creation time has a fraction, and so lies after the start of the second. */
  readonly hasFraction: boolean;
  readonly providerTransactionId: string;
  /** Null if a `providerTransactionId` is unique within the ledger. */
  readonly distinguishingId: string | null;
}

/** A transaction's identity within its ledger, as one text. */
export function transactionText({
  providerTransactionId,
  distinguishingId,
}: Pick<TransactionKey, 'providerTransactionId' | 'distinguishingId'>): string {
  return distinguishingId === null
    ? providerTransactionId
    : JSON.stringify([providerTransactionId, distinguishingId]);
}

/** A decoded global id. */
export type GlobalId =
  | { readonly type: 'Account'; readonly account: AccountRef }
  | { readonly type: 'Balance'; readonly key: BalanceKey }
  | { readonly type: 'Transaction'; readonly key: TransactionKey };

const version = 1;
const idLengthMax = 2_048;
const partLengthMax = 512;

/** Recently decoded ids: an operation repeats its account's id, and polling callers repeat their ids. */
const recentlyRead = new RecentValues<GlobalId>(1_000);

/** Global id of an account. */
export function encodeAccountId(account: AccountRef): string {
  return encode(['A', account.provider, account.providerAccountId]);
}

/** Global id of a balance. */
export function encodeBalanceId(key: BalanceKey): string {
  const { account, ledger, currency, distinguishingId } = key;
  return encode(['B', account.provider, account.providerAccountId, ledger, currency, distinguishingId]);
}

/** Global id of a transaction. */
export function encodeTransactionId(key: TransactionKey): string {
  const { account, ledger, createdSecond, hasFraction, providerTransactionId, distinguishingId } = key;
  return encode([
    'T',
    account.provider,
    account.providerAccountId,
    ledger,
    createdSecond,
    hasFraction ? 1 : 0,
    providerTransactionId,
    // Left out when null, so that ids issued before it existed stay the same.
    ...(distinguishingId === null ? [] : [distinguishingId]),
  ]);
}

/** Encodes a decoded global id. */
export function encodeGlobalId(id: GlobalId): string {
  if (id.type === 'Account') return encodeAccountId(id.account);
  return id.type === 'Balance' ? encodeBalanceId(id.key) : encodeTransactionId(id.key);
}

/**
 * Decodes a global id; null for anything the gateway cannot have issued. Each object has exactly one spelling. Does not
 * check whether the object exists.
 */
export function decodeGlobalId(id: string): GlobalId | null {
  const known = recentlyRead.get(id);
  if (known !== undefined) return known;
  if (id.length === 0 || id.length > idLengthMax) return null;
  const parts = parseParts(Buffer.from(id, 'base64url').toString('utf8'));
  const decoded = parts === null ? null : toGlobalId(parts);
  const spelling = decoded && encodeGlobalId(decoded);
  if (decoded === null || spelling !== id) return null;
  // Keyed by our own text: the caller's may be a slice that keeps the whole request in memory.
  recentlyRead.set(spelling, decoded);
  return decoded;
}

function encode(parts: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify([version, ...parts]), 'utf8').toString('base64url');
}

function parseParts(json: string): readonly unknown[] | null {
  try {
    const parts: unknown = JSON.parse(json);
    return Array.isArray(parts) && parts[0] === version ? parts.slice(1) : null;
  } catch {
    return null;
  }
}

function toGlobalId(parts: readonly unknown[]): GlobalId | null {
  const [kind, provider, accountId, ledger, ...rest] = parts;
  if (!isProviderCode(provider) || !(accountId === null || isPlainText(accountId))) return null;
  const account: AccountRef = { provider, providerAccountId: accountId };
  if (kind === 'A') return parts.length === 3 ? { type: 'Account', account } : null;
  if (!isLedger(ledger)) return null;
  if (kind === 'B') {
    const [currency, distinguishingId] = rest;
    if (rest.length !== 2 || !isPlainText(currency)) return null;
    if (!(distinguishingId === null || isPlainText(distinguishingId))) return null;
    return { type: 'Balance', key: { account, ledger, currency, distinguishingId } };
  }
  const [createdSecond, fraction, providerTransactionId, distinguishingId = null] = rest;
  if (kind !== 'T' || rest.length > 4 || !isPlainText(providerTransactionId)) return null;
  if (!(distinguishingId === null || isPlainText(distinguishingId))) return null;
  if (!isSecond(createdSecond) || !(fraction === 0 || fraction === 1)) return null;
  const hasFraction = fraction === 1;
  const key = { account, ledger, createdSecond, hasFraction };
  return { type: 'Transaction', key: { ...key, providerTransactionId, distinguishingId } };
}

function isProviderCode(value: unknown): value is ProviderCode {
  return providerCodes.includes(value as ProviderCode);
}

function isLedger(value: unknown): value is Ledger {
  return ledgers.includes(value as Ledger);
}

/** Whether a value is a second of the years 1 to 9999, which RFC 3339 can express. */
function isSecond(value: unknown): value is number {
  return (
    Number.isSafeInteger(value) &&
    (value as number) >= -62_135_596_800 &&
    (value as number) <= 253_402_300_799
  );
}

/**
 * Whether a value may be part of a provider's identifier: text of 1 to 512 characters, without control characters, in
 * well-formed Unicode. Such text can be put into a path or a header once it is encoded.
 */
export function isPlainText(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= partLengthMax &&
    !/\p{Cc}/u.test(value) &&
    value.isWellFormed()
  );
}
