import type { ExchangeRate, ExchangeRates } from '../../domain/exchange-rate.ts';
import { Failure } from '../../domain/failure.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ProviderCode } from '../../domain/vocabulary.ts';
import { codesOf, type Provider } from '../../ports/provider.ts';
import type { ReadContext, Reading } from '../../ports/upstream.ts';
import type { SourceOutcome } from '../pagination/page.ts';
import { oldestOf } from '../sources.ts';

/** A pair that a caller names, in any case. */
export interface CurrencyPair {
  readonly base: string;
  readonly quote: string;
}

/** Rates that were requested. */
export interface ExchangeRateList {
  /** By base, then quote. */
  readonly nodes: readonly ExchangeRate[];
  /** Requested pairs that the provider does not have, such as `USDXAF`. */
  readonly unavailable: readonly string[];
  readonly asOf: Instant;
  readonly sources: readonly SourceOutcome[];
}

/** The result of reading a provider's rates. */
export interface RatesRead {
  /** Null if they could not be read. */
  readonly reading: Reading<ExchangeRates> | null;
  readonly outcome: SourceOutcome;
}

/** The exchange rates one request reads. */
export interface ExchangeRateReads {
  /** Rates of the first provider that publishes any; null if none does. Read once, even if that fails. */
  ofAny(): Promise<RatesRead> | null;
  /** The requested pairs, or all for null; null if the provider is not connected or publishes none. */
  list(provider: ProviderCode, pairs: readonly CurrencyPair[] | null): Promise<ExchangeRateList | null>;
}

/** Exchange rate reads of one request; `now` gives epoch milliseconds. */
export function createExchangeRateReads(
  providers: ReadonlyMap<ProviderCode, Provider>,
  context: ReadContext,
  now: () => number,
): ExchangeRateReads {
  const reads = new Map<ProviderCode, Promise<RatesRead>>();

  function read(provider: Provider | undefined): Promise<RatesRead> | null {
    if (provider?.exchangeRates === undefined) return null;
    const known = reads.get(provider.code);
    if (known !== undefined) return known;
    const reading = outcomeOf(provider.code, provider.exchangeRates.all(context));
    reads.set(provider.code, reading);
    return reading;
  }

  return {
    ofAny: () => read(ratesProviderOf(providers)),
    async list(code, pairs) {
      const provider = providers.get(code);
      if (provider?.exchangeRates === undefined) return null;
      if (pairs?.length === 0) return noneAsked(now());
      const ratesRead = await read(provider);
      return ratesRead && toList(ratesRead, pairs, provider, now());
    },
  };
}

/** The provider whose rates conversions use: the first that publishes any. */
export function ratesProviderOf(providers: ReadonlyMap<ProviderCode, Provider>): Provider | undefined {
  return [...providers.values()].find(({ exchangeRates }) => exchangeRates !== undefined);
}

async function outcomeOf(
  provider: ProviderCode,
  reading: Promise<Reading<ExchangeRates>>,
): Promise<RatesRead> {
  const source = { provider, ledger: null, providerAccountId: null };
  try {
    const read = await reading;
    const { staleBecause } = read;
    const state = staleBecause === null ? 'OK' : 'STALE';
    return { reading: read, outcome: { ...source, state, failure: staleBecause } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { reading: null, outcome: { ...source, state: 'FAILED', failure: error.at({ provider }) } };
  }
}

function toList(
  { reading, outcome }: RatesRead,
  pairs: readonly CurrencyPair[] | null,
  provider: Provider,
  nowMs: number,
): ExchangeRateList {
  const { rates } = reading?.value ?? { rates: [] };
  const asOf = oldestOf(reading === null ? [] : [reading.asOfMs], nowMs);
  if (pairs === null) return { nodes: rates, unavailable: [], asOf, sources: [outcome] };
  const codes = codesOf(provider);
  const asked = new Map(
    pairs.map(({ base, quote }) => {
      const pair = { base: codes.canonical(base), quote: codes.canonical(quote) };
      return [keyOf(pair), pair];
    }),
  );
  const nodes = rates.filter((rate) => asked.has(keyOf(rate)));
  const found = new Set(nodes.map(keyOf));
  const missing = [...asked].filter(([key]) => !found.has(key)).map(([, pair]) => pair);
  const unavailable = missing.map(({ base, quote }) => `${base}${quote}`);
  return { nodes, unavailable, asOf, sources: [outcome] };
}

function noneAsked(nowMs: number): ExchangeRateList {
  return { nodes: [], unavailable: [], asOf: oldestOf([], nowMs), sources: [] };
}

function keyOf({ base, quote }: CurrencyPair): string {
  return JSON.stringify([base, quote]);
}
