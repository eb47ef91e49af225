import { Failure, type FailureDetails } from '../../domain/failure.ts';
import type { CountedPage } from '../../ports/page.ts';
import type { Reading } from '../../ports/upstream.ts';

/** More codes than any ledger has; those that come after them are asked for in upper case. */
const knownCodesMax = 1_000;

/** A row with its currency as answers say it, and as UQPAY does. */
interface SpelledRow {
  readonly currency: string;
  readonly currency_spelling: string;
}

/**
 * How one list of UQPAY's spells its currencies. The documents have ISO 4217 in upper case; a route that compares
 * exactly has to be asked as the list spells a code, and its "there is none" says little about any other spelling.
 */
export class CurrencySpelling {
  private readonly spellings = new Map<string, string>();
  /** Codes that the list spells in more than one way. */
  private readonly severalWays = new Set<string>();
  private areAllUpper = true;
  private areAllLower = true;

  /** Takes note of how rows of the list spell their codes. */
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

  /** The list's spelling of a code; as its other codes are spelled, where it has not shown this one. */
  of(code: string): string {
    const known = this.spellings.get(code);
    if (known !== undefined) return known;
    return this.spellings.size > 0 && this.areAllLower ? code.toLowerCase() : code;
  }

  /** Whether codes were seen, and all of them as they are documented: then "there is none" can be believed. */
  get isAsDocumented(): boolean {
    return this.spellings.size > 0 && this.areAllUpper;
  }

  get isUnknown(): boolean {
    return this.spellings.size === 0;
  }

  /** UPSTREAM_SHAPE where no one spelling finds all rows in a currency. */
  checkOneWay(code: string, details: FailureDetails): void {
    if (!this.severalWays.has(code)) return;
    throw new Failure(
      'UPSTREAM_SHAPE',
      `UQPAY spells the currency ${code} in more than one way, so that its filter by currency would leave rows out. ` +
        'Ask without a filter by currency.',
      details,
    );
  }
}

/**
 * A page of a list that is filtered by currency, asked for as the list spells it. Where nothing is found before it is
 * known how that is, `look` reads rows of the list that are not filtered, which tell.
 */
export async function readAsSpelled<Row>(
  code: string,
  spelling: CurrencySpelling,
  read: (spelled: string) => Promise<Reading<CountedPage<Row>>>,
  look: (isAnew: boolean) => Promise<Reading<CountedPage<Row>>>,
): Promise<Reading<CountedPage<Row>>> {
  const asked = spelling.of(code);
  const reading = await read(asked);
  if (reading.value.rowCount > 0 || spelling.isAsDocumented) return reading;
  const looked = await look(false);
  // Rows from another replica's memory do not show how they were spelled.
  if (spelling.isUnknown && looked.value.rowCount > 0) await look(true);
  const known = spelling.of(code);
  return known === asked ? reading : await read(known);
}
