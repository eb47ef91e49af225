import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { CountedPage } from '../../ports/page.ts';
import type { Reading } from '../../ports/upstream.ts';

/** More codes than any ledger has; the spelling of further ones is not kept. */
const knownCodesMax = 1_000;

/** A row with its currency code, and with that code as UQPAY spells it. */
interface SpelledRow {
  readonly currency: string;
  readonly currency_spelling: string;
}

/**
 * How one UQPAY list spells its currencies. The documents have ISO 4217 in upper case. A route that compares exactly
 * must be asked in the list's own spelling; its "there is none" proves little for any other spelling.
 */
export class CurrencySpelling {
  private readonly spellings = new Map<string, string>();
  /** Codes that the list spells in more than one way. */
  private readonly severalWays = new Set<string>();
  private areAllUpper = true;
  private areAllLower = true;

  /** Learns how rows of the list spell their codes. */
  note(rows: readonly SpelledRow[]): void {
    for (const { currency, currency_spelling } of rows) this.noteOne(currency, currency_spelling);
  }

  private noteOne(code: string, spelling: string): void {
    const known = this.spellings.get(code);
    if (known === spelling) return;
    if (known !== undefined) this.severalWays.add(code);
    else if (this.spellings.size >= knownCodesMax) return;
    else this.spellings.set(code, spelling);
    if (spelling !== code) this.areAllUpper = false;
    if (spelling !== spelling.toLowerCase()) this.areAllLower = false;
  }

  /** The list's spelling of a code; a code that the list has not shown is spelled like its other codes. */
  of(code: string): string {
    const known = this.spellings.get(code);
    if (known !== undefined) return known;
    return this.spellings.size > 0 && this.areAllLower ? code.toLowerCase() : code;
  }

  /** Whether codes were seen, and all are spelled as documented: then "there is none" can be believed. */
  get isAsDocumented(): boolean {
    return this.spellings.size > 0 && this.areAllUpper;
  }

  get isUnknown(): boolean {
    return this.spellings.size === 0;
  }

  /** Throws UPSTREAM_SHAPE if no single spelling finds all rows of a currency. */
  checkOneWay(code: string, details: FailureDetails): void {
    if (!this.severalWays.has(code)) return;
    throw new Failure(
      'UPSTREAM_SHAPE',
      `UQPAY spells the currency ${code} in more than one way, so its filter by currency would leave rows out. ` +
        'Ask without a filter by currency.',
      details,
    );
  }
}

/**
 * Reads a page of a list that is filtered by currency, in the list's spelling. If nothing is found before that spelling
 * is known, `look` reads unfiltered rows of the list, which show it.
 */
export async function readAsSpelled<Row>(
  code: string,
  spelling: CurrencySpelling,
  read: (spelled: string) => Promise<Reading<CountedPage<Row>>>,
  look: (isUncached: boolean) => Promise<Reading<CountedPage<Row>>>,
): Promise<Reading<CountedPage<Row>>> {
  const asked = spelling.of(code);
  const reading = await read(asked);
  if (reading.value.rowCount > 0 || spelling.isAsDocumented) return reading;
  const looked = await look(false);
  // Rows from another replica's cache do not show how they were spelled.
  if (spelling.isUnknown && looked.value.rowCount > 0) await look(true);
  const known = spelling.of(code);
  return known === asked ? reading : await read(known);
}
