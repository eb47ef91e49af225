import type { UqpayBehaviour } from './behaviour.ts';

type Switches = Pick<UqpayBehaviour, 'currencyCase' | 'currencyMatching'>;

/** A currency as the sandbox writes it; it is stored in upper case. */
function written(currency: string, { currencyCase }: Switches): string {
  if (currencyCase === 'upper') return currency;
  const lower = currency.toLowerCase();
  return currencyCase === 'lower' ? lower : `${currency.charAt(0)}${lower.slice(1)}`;
}

/** A record with its currency as the sandbox writes it. */
export function withWrittenCurrency<R extends { readonly currency: string }>(
  record: R,
  switches: Switches,
): R {
  return switches.currencyCase === 'upper'
    ? record
    : { ...record, currency: written(record.currency, switches) };
}

/**
 * The currency that a caller's text stands for. A code in the wrong spelling becomes a currency without data; null for
 * text that is not an ISO 4217 code.
 */
export function readWrittenCurrency(word: string, switches: Switches): string | null {
  const isStrict = switches.currencyCase === 'upper' && switches.currencyMatching === 'as-written';
  if (!(isStrict ? /^[A-Z]{3}$/ : /^[A-Za-z]{3}$/).test(word)) return null;
  const currency = word.toUpperCase();
  const isTaken = switches.currencyMatching === 'any-case' || word === written(currency, switches);
  return isTaken ? currency : `not ${word}`;
}
