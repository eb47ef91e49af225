import type { Answer } from '../shared/answers.ts';
import type { UqpayBehaviour } from './behaviour.ts';
import { readWrittenCurrency, withWrittenCurrency } from './currency-case.ts';
import { encodeBankingTransaction, encodeIssuingTransaction } from './encode.ts';
import { compareInstants, type Instant, parseInstant, toInstant } from './instant.ts';
import { Ledger, type TimeWindow } from './ledger.ts';
import { pageAnswer } from './page.ts';
import {
  invalidIssuingRequest,
  invalidParameter,
  isUuid,
  type Refusal,
  readInstant,
  readPageRequest,
  readWord,
} from './query.ts';
import type { LedgerLine, TransactionRecords } from './records.ts';
import type { Route, RouteCall } from './route.ts';
import {
  bankingStatusFilters,
  bankingTypeFilters,
  issuingStatusFilters,
  issuingTypeFilters,
} from './vocabulary.ts';

const issuingSpanMaxSeconds = 90 * 24 * 3600;

/** The two transaction lists (reference sections 5.2 and 5.3). */
export const transactionRoutes: readonly Route[] = [
  {
    path: /^\/v1\/balances\/transactions$/,
    line: 'banking',
    methods: { GET: { idempotencyKey: 'optional', answer: listBanking } },
  },
  {
    path: /^\/v1\/issuing\/balances\/transactions$/,
    line: 'issuing',
    methods: { GET: { idempotencyKey: 'optional', answer: listIssuing } },
  },
];

function listBanking(call: RouteCall): Answer {
  const { behaviour } = call.store;
  const { query } = call;
  const refuse = invalidParameter;
  const range = { min: behaviour.bankingPageSizeMin, max: 100 };
  const page = readPageRequest(query, range, behaviour.pageSizeOutOfRange, refuse);
  const window = heeded(readWindow(call, refuse), behaviour);
  const currency = readCurrency(call, refuse);
  const type = withoutAll(readWord(query, 'transaction_type', bankingTypeFilters, refuse));
  const status = withoutAll(readWord(query, 'transaction_status', bankingStatusFilters, refuse));
  const filtered = behaviour.filters === 'heeded' && (currency !== null || type !== null || status !== null);
  const selection = ledgerOf(call, 'banking').select(
    window,
    filtered
      ? (row) =>
          (currency === null || row.currency === currency) &&
          (type === null || row.transaction_type === type) &&
          (status === null || row.transaction_status === status)
      : null,
  );
  const encodeRow = (row: Parameters<typeof encodeBankingTransaction>[0]) =>
    encodeBankingTransaction(withWrittenCurrency(row, behaviour), behaviour.bankingTransactionAmountsAs);
  return pageAnswer(selection, page, encodeRow, { behaviour, line: 'banking', refuse });
}

function listIssuing(call: RouteCall): Answer {
  const { behaviour } = call.store;
  const { query } = call;
  const refuse = invalidIssuingRequest;
  const page = readPageRequest(query, { min: 10, max: 100 }, behaviour.pageSizeOutOfRange, refuse);
  const span = withinIssuingSpan(readWindow(call, refuse), behaviour, call.nowMs);
  const window = heeded(span, behaviour);
  const type = readWord(query, 'transaction_type', issuingTypeFilters, refuse);
  const status = readWord(query, 'transaction_status', issuingStatusFilters, refuse);
  const currency = readCurrency(call, refuse);
  const transactionId = query.get('transaction_id')?.toLowerCase() ?? null;
  if (transactionId !== null && !isUuid(transactionId)) throw refuse('transaction_id must be a UUID');
  const filtered =
    behaviour.filters === 'heeded' &&
    (currency !== null || type !== null || status !== null || transactionId !== null);
  const selection = ledgerOf(call, 'issuing').select(
    window,
    filtered
      ? (row) =>
          (transactionId === null || row.transaction_id === transactionId) &&
          (currency === null || row.currency === currency) &&
          (type === null || row.transaction_type === type) &&
          (status === null || row.transaction_status === status)
      : null,
  );
  const encodeRow = (row: Parameters<typeof encodeIssuingTransaction>[0]) =>
    encodeIssuingTransaction(withWrittenCurrency(row, behaviour), behaviour.issuingAmountsAs);
  return pageAnswer(selection, page, encodeRow, { behaviour, line: 'issuing', refuse });
}

/** The rows that a call lists: those of its account, or all rows if the master account's list shows them. */
function ledgerOf<L extends LedgerLine>(
  { holding, store }: RouteCall,
  line: L,
): Ledger<TransactionRecords[L]> {
  const isMaster = holding.record.account_id === store.masterAccountId;
  if (!isMaster || store.behaviour.masterLists === 'own') return holding.ledgers[line];
  const all = new Ledger<TransactionRecords[L]>(() => store.behaviour);
  for (const { ledgers } of store.holdings()) {
    for (const row of ledgers[line].rows()) all.insert(row);
  }
  return all;
}

/** An optional ISO 4217 code. */
function readCurrency({ query, store }: RouteCall, refuse: Refusal): string | null {
  const word = query.get('currency');
  if (word === null) return null;
  const currency = readWrittenCurrency(word, store.behaviour);
  if (currency === null) throw refuse('currency must be an ISO 4217 code');
  return currency;
}

/** `ALL` is the banking filter's value for no filter. */
function withoutAll(word: string | null): string | null {
  return word === 'ALL' ? null : word;
}

function readWindow({ query, store, nowMs }: RouteCall, refuse: Refusal): TimeWindow {
  const { refuseFutureEndTime, timeComparison: comparison, boundOffset } = store.behaviour;
  const from = readBound(query, 'start_time', boundOffset, refuse);
  const to = readBound(query, 'end_time', boundOffset, refuse);
  if (refuseFutureEndTime && to !== null && compareInstants(to, toInstant(nowMs)) > 0) {
    throw refuse('end_time must not be in the future');
  }
  return { from, to, comparison };
}

/** The bounds that are applied, of those that passed the route's checks. */
function heeded(window: TimeWindow, behaviour: UqpayBehaviour): TimeWindow {
  // A server of samples ignores what is requested.
  const timeBounds = behaviour.staticSamples ? 'ignored' : behaviour.timeBounds;
  return {
    ...window,
    from: timeBounds === 'start-ignored' || timeBounds === 'ignored' ? null : window.from,
    to: timeBounds === 'end-ignored' || timeBounds === 'ignored' ? null : toEnd(window.to, timeBounds),
  };
}

/** The last moment before an exclusive end. */
function toEnd(to: Instant | null, timeBounds: UqpayBehaviour['timeBounds']): Instant | null {
  if (to === null || timeBounds !== 'end-exclusive') return to;
  if (to.nanosecond > 0) return { ...to, nanosecond: to.nanosecond - 1 };
  return { second: to.second - 1, nanosecond: 999_999_999 };
}

const zoneSeconds = 8 * 3600;

/** A bound, as a provider reads it that may ignore offsets. */
function readBound(
  query: URLSearchParams,
  name: string,
  boundOffset: UqpayBehaviour['boundOffset'],
  refuse: Refusal,
): Instant | null {
  const instant = readInstant(query, name, refuse);
  if (instant === null || boundOffset === 'heeded') return instant;
  const text = query.get(name) ?? '';
  if (boundOffset === 'z-as-utc+8') return text.endsWith('Z') ? shifted(instant, -zoneSeconds) : instant;
  const asUtc = parseInstant(text.replace(/(?:Z|[+-]\d{2}:\d{2})$/, 'Z')) ?? instant;
  return boundOffset === 'taken-for-utc' ? asUtc : shifted(asUtc, -zoneSeconds);
}

/** At most 90 days between the bounds (section 5.3); switches decide what a single bound does, and none. */
function withinIssuingSpan(
  window: TimeWindow,
  { openEndedIssuingRange: openEnded, unboundedIssuingRange }: UqpayBehaviour,
  nowMs: number,
): TimeWindow {
  const { from, to } = window;
  if (from !== null && to !== null) {
    if (compareInstants(to, shifted(from, issuingSpanMaxSeconds)) > 0) {
      throw invalidIssuingRequest('start_time and end_time must be at most 90 days apart');
    }
    return window;
  }
  if (from === null && to === null) {
    const isClipped = unboundedIssuingRange === 'clipped';
    return isClipped ? { ...window, from: shifted(toInstant(nowMs), -issuingSpanMaxSeconds) } : window;
  }
  if (openEnded === 'whole') return window;
  if (openEnded === 'refused') {
    throw invalidIssuingRequest('start_time and end_time must be given together');
  }
  return {
    ...window,
    from: from ?? (to === null ? null : shifted(to, -issuingSpanMaxSeconds)),
    to: to ?? (from === null ? null : shifted(from, issuingSpanMaxSeconds)),
  };
}

function shifted({ second, nanosecond }: Instant, seconds: number): Instant {
  return { second: second + seconds, nanosecond };
}
