import { createConversions } from '../../domain/conversion.ts';
import { foldCode } from '../../domain/currency-code.ts';
import { DecimalSum } from '../../domain/decimal-sum.ts';
import type { RateSide } from '../../domain/exchange-rate.ts';
import type { Failure } from '../../domain/failure.ts';
import type { Instant } from '../../domain/instant.ts';
import { minorUnitsOf } from '../../domain/iso-4217.ts';
import type { Money } from '../../domain/model.ts';
import { wantedAccounts } from '../accounts/wanted-accounts.ts';
import {
  type BalanceFilter,
  type BalanceSourcePorts,
  balanceRowKey,
  readBalanceSources,
  rowsAskedFor,
  timesOf,
} from '../balances/balance-sources.ts';
import type { ReadBalance } from '../balances/balances.ts';
import type { SourceOutcome } from '../pagination/page.ts';
import { isWhole, oldestOf } from '../sources.ts';
import { type ConvertedTotal, convertSums } from './converted-total.ts';
import type { ExchangeRateReads, RatesRead } from './exchange-rates.ts';

/** Sums over balances. */
export interface BalanceTotals {
  readonly byCurrency: readonly CurrencyTotal[];
  /** The sums in one currency; null if none was requested, the failure if the rates could not be read. */
  readonly converted: ConvertedTotal | Failure | null;
  /** Whether all sources were read to their end, rates included. */
  readonly complete: boolean;
  /** Time of the oldest read of balances. */
  readonly asOf: Instant;
  /** The sources of balances. */
  readonly sources: readonly SourceOutcome[];
  /** Null if no rates were requested. */
  readonly ratesSource: SourceOutcome | null;
}

/** The amount available in one currency. */
export interface CurrencyTotal {
  readonly currency: string;
  /** Null if a balance reports none, or a source that may have the currency was not read to its end. */
  readonly available: Money | null;
  /** Null if no balance that was read reports any. */
  readonly availableOfRead: Money | null;
  readonly balanceCount: number;
  readonly unreportedCount: number;
}

/** The conversion requested. */
export interface WantedConversion {
  /** Code of the currency, in any case. */
  readonly currency: string;
  readonly side: RateSide;
}

/** Dependencies for reading totals. */
export interface BalanceTotalsPorts extends BalanceSourcePorts {
  readonly exchangeRates: ExchangeRateReads;
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * Sums of `available` over the balances that match a filter, and those sums in one currency. Costs the calls
 * of a list of these balances, and one read of rates for a conversion. Never rejects because a source fails.
 */
export async function readBalanceTotals(
  filter: BalanceFilter,
  conversion: WantedConversion | null,
  ports: BalanceTotalsPorts,
): Promise<BalanceTotals> {
  const isOfNothing = wantedAccounts(filter, ports.providers).length === 0;
  const [read, ratesRead] = await Promise.all([
    readBalanceSources(filter, ports),
    conversion === null || isOfNothing ? null : ports.exchangeRates.ofAny(),
  ]);
  const sources = read.map(({ outcome }) => outcome);
  const isRead = isWhole(sources);
  // A row that moved to a later page while the list was read counts once.
  const rows = read.flatMap((source) => uniqueRows(rowsAskedFor(source, filter.currencies, ports)));
  const byCurrency = toCurrencyTotals(rows, isRead);
  const ratesSource = ratesRead?.outcome ?? null;
  return {
    byCurrency,
    converted: conversion === null ? null : convert(byCurrency, conversion, ratesRead, isRead),
    complete: isRead && ratesSource?.state !== 'FAILED',
    asOf: oldestOf(read.flatMap(timesOf), ports.now()),
    sources,
    ratesSource,
  };
}

function uniqueRows(rows: readonly ReadBalance[]): readonly ReadBalance[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = JSON.stringify(balanceRowKey(row));
    return !seen.has(key) && seen.add(key);
  });
}

function toCurrencyTotals(rows: readonly ReadBalance[], isRead: boolean): readonly CurrencyTotal[] {
  const groups = Map.groupBy(rows, ({ currency }) => currency);
  const totals = Array.from(groups, ([currency, balances]): CurrencyTotal => {
    const reported = balances.flatMap(({ available }) => available ?? []);
    const sum = new DecimalSum();
    for (const { amount } of reported) sum.add(amount);
    const unreportedCount = balances.length - reported.length;
    const availableOfRead = reported.length === 0 ? null : { amount: sum.text, currency };
    return {
      currency,
      available: isRead && unreportedCount === 0 ? availableOfRead : null,
      availableOfRead,
      balanceCount: reported.length,
      unreportedCount,
    };
  });
  return totals.sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

function convert(
  byCurrency: readonly CurrencyTotal[],
  { currency: asked, side }: WantedConversion,
  ratesRead: RatesRead | null,
  isRead: boolean,
): ConvertedTotal | Failure {
  if (ratesRead !== null && ratesRead.reading === null && ratesRead.outcome.failure !== null) {
    return ratesRead.outcome.failure;
  }
  const { rates = [], updatedAt = null } = ratesRead?.reading?.value ?? {};
  const sums = byCurrency.flatMap(({ availableOfRead }) => availableOfRead ?? []);
  const known = [
    ...byCurrency.map(({ currency }) => currency),
    ...rates.flatMap(({ base, quote }) => [base, quote]),
  ];
  return convertSums(sums, spelledAs(asked, known), createConversions(rates, side), {
    isComplete: isRead && byCurrency.every(({ available }) => available !== null),
    ratesUpdatedAt: updatedAt,
  });
}

/** The known spelling of a code given in any case; that of the sums takes precedence. */
function spelledAs(asked: string, known: readonly string[]): string {
  if (known.includes(asked)) return asked;
  const folded = foldCode(asked);
  const alike = known.find((code) => foldCode(code) === folded);
  return alike ?? (minorUnitsOf(folded) === null ? asked : folded);
}
