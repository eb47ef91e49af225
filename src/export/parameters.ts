import { Failure } from '../domain/failure.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { parseTimeZone } from '../domain/time-zone.ts';
import {
  ledgers,
  providerCodes,
  transactionDirections,
  transactionStatuses,
  transactionTypes,
} from '../domain/vocabulary.ts';
import type {
  BalanceFilterInput as BalanceFilter,
  TransactionFilterInput as TransactionFilter,
} from '../graphql/input/filters.ts';
import { isCurrencyCode } from '../graphql/input/scalars.ts';

/** The query string of an export. */
export interface ExportParameters<Filter> {
  readonly filter: Filter;
  /** Zone that times are written in. */
  readonly timeZone: string;
  /** Cursor of an export that stopped; null starts at the newest row. */
  readonly after: string | null;
}

const common = ['timeZone', 'after'];
const balanceNames = ['providers', 'accountIds', 'ledgers', 'currencies'];
const transactionNames = [...balanceNames, 'types', 'statuses', 'referenceIds', 'directions'];
type RangeNames = Readonly<Record<string, 'from' | 'to'>>;

/** The two ends of `createdAt`, by the ways in which query strings write the members of an object. */
const rangeNames: RangeNames = {
  'createdAt.from': 'from',
  'createdAt[from]': 'from',
  'createdAt.to': 'to',
  'createdAt[to]': 'to',
};

const duringNames: RangeNames = {
  'during.from': 'from',
  'during[from]': 'from',
  'during.to': 'to',
  'during[to]': 'to',
};

/** Reads the parameters of a balance export. Throws BAD_USER_INPUT. */
export function parseBalanceParameters(parameters: URLSearchParams): ExportParameters<BalanceFilter> {
  checkNames(parameters, [...balanceNames, ...common]);
  const given = { filter: toBalanceFilter(parameters), ...toCommon(parameters) };
  // Rows that a source did not return may belong anywhere in the list, so the export can only start again from the
  // beginning.
  if ((given.after ?? '') === '') return given;
  throw bad('after', 'must be empty for balances: they are read from the start again.');
}

/** Reads the parameters of a statement. Throws BAD_USER_INPUT. */
export function parseStatementParameters(parameters: URLSearchParams): {
  readonly balanceId: string;
  readonly during: { readonly from: Instant | null; readonly to: Instant | null };
} {
  checkNames(parameters, ['balanceId', ...Object.keys(duringNames)]);
  const balanceId = oneOf(parameters, 'balanceId');
  if (balanceId === null) throw bad('balanceId', 'must be the ID of the balance.');
  return { balanceId, during: toRange(parameters, duringNames) };
}

/** Reads the parameters of a transaction export. Throws BAD_USER_INPUT. */
export function parseTransactionParameters(parameters: URLSearchParams): ExportParameters<TransactionFilter> {
  checkNames(parameters, [...transactionNames, ...Object.keys(rangeNames), ...common]);
  const filter = {
    ...toBalanceFilter(parameters),
    types: wordsOf(parameters, 'types', [...transactionTypes, 'UNRECOGNIZED']),
    statuses: wordsOf(parameters, 'statuses', [...transactionStatuses, 'UNRECOGNIZED']),
    referenceIds: listOf(parameters, 'referenceIds'),
    directions: wordsOf(parameters, 'directions', transactionDirections),
    createdAt: toRange(parameters, rangeNames),
  };
  return { filter, ...toCommon(parameters) };
}

function toBalanceFilter(parameters: URLSearchParams): BalanceFilter {
  return {
    providers: wordsOf(parameters, 'providers', providerCodes),
    accountIds: listOf(parameters, 'accountIds'),
    ledgers: wordsOf(parameters, 'ledgers', ledgers),
    currencies: currenciesOf(parameters),
  };
}

function toCommon(parameters: URLSearchParams): Pick<ExportParameters<unknown>, 'timeZone' | 'after'> {
  const name = oneOf(parameters, 'timeZone') ?? 'UTC';
  const timeZone = parseTimeZone(name);
  if (timeZone === null) {
    throw bad(
      'timeZone',
      'must be the name of a time zone in the IANA database, for example Asia/Singapore or UTC.',
    );
  }
  return { timeZone, after: oneOf(parameters, 'after') };
}

function toRange(
  parameters: URLSearchParams,
  names: RangeNames,
): { readonly from: Instant | null; readonly to: Instant | null } {
  const range: { from: Instant | null; to: Instant | null } = { from: null, to: null };
  for (const [name, end] of Object.entries(names)) {
    const text = oneOf(parameters, name);
    if (text === null) continue;
    // In a query string an unencoded "+" is a blank.
    const instant = parseInstant(text.replace(/ (?=\d{2}:?\d{2}$)/, '+'));
    if (instant === null) {
      throw bad(name, 'must be an RFC 3339 time with an offset, for example 2026-01-31T09:30:00Z.');
    }
    range[end] = instant;
  }
  return range;
}

function currenciesOf(parameters: URLSearchParams): readonly string[] | null {
  const codes = listOf(parameters, 'currencies');
  const unknown = codes?.find((code) => !isCurrencyCode(code));
  if (unknown !== undefined) throw bad('currencies', 'must list codes such as USD, separated by commas.');
  return codes;
}

function wordsOf<Word extends string>(
  parameters: URLSearchParams,
  name: string,
  words: readonly Word[],
): readonly Word[] | null {
  const listed = listOf(parameters, name);
  if (listed === null) return null;
  return listed.map((text) => {
    const word = words.find((each) => each === text);
    if (word === undefined) throw bad(name, `must list words of ${words.join(', ')}, separated by commas.`);
    return word;
  });
}

/** Members of a list, whose name may be repeated; null if it is absent. */
function listOf(parameters: URLSearchParams, name: string): readonly string[] | null {
  const texts = parameters.getAll(name);
  return texts.length === 0 ? null : texts.flatMap((text) => (text === '' ? [] : text.split(',')));
}

function oneOf(parameters: URLSearchParams, name: string): string | null {
  const [text = null, ...others] = parameters.getAll(name);
  if (others.length > 0) throw bad(name, 'must stand there once.');
  return text;
}

function checkNames(parameters: URLSearchParams, known: readonly string[]): void {
  for (const name of parameters.keys()) {
    if (known.includes(name)) continue;
    const shown = /^[\w.[\]-]{1,40}$/.test(name) ? `"${name}"` : 'with an unusual name';
    throw new Failure(
      'BAD_USER_INPUT',
      `There is no parameter ${shown}. The parameters are: ${known.filter((each) => !each.includes('[')).join(', ')}.`,
    );
  }
}

function bad(name: string, problem: string): Failure {
  return new Failure('BAD_USER_INPUT', `Parameter "${name}" ${problem}`);
}
