/** Maps a provider's currency codes to ours, and the codes that callers ask for to those. */
export interface CurrencyCodes {
  /** Our code for the provider's spelling, as responses show it. */
  read(spelling: string): string;
  /** The requested code, in any case, in the spelling that responses use if that is known. */
  canonical(asked: string): string;
  /** Whether the requested code, in any case, means `code`, which is one of ours. */
  means(asked: string, code: string): boolean;
}

/** The same text for all spellings that differ only in case. */
export function foldCode(code: string): string {
  return code.toUpperCase();
}

/** Case-insensitive codes, such as those of ISO 4217: shown in upper case. */
export const upperCaseCodes: CurrencyCodes = {
  read: foldCode,
  canonical: foldCode,
  means: (asked, code) => foldCode(asked) === code,
};

/** Codes that are used unchanged, for providers that document nothing about theirs. */
export const exactCodes: CurrencyCodes = {
  read: (spelling) => spelling,
  canonical: (asked) => asked,
  means: (asked, code) => asked === code,
};

/** More codes than any provider has; further ones are used unchanged. */
const knownCodesMax = 1_000;

/**
 * Codes that keep the provider's spelling, because assets are named that way (`USDC.e`). A request in another case
 * finds the asset too, unless the provider is known to have an asset with exactly the requested spelling: assets whose
 * codes differ only in case are different assets.
 */
export function createSpelledCodes(): CurrencyCodes {
  const known = new Set<string>();
  const byFold = new Map<string, Set<string>>();
  return {
    read(spelling) {
      if (known.has(spelling) || known.size >= knownCodesMax) return spelling;
      known.add(spelling);
      const fold = foldCode(spelling);
      byFold.set(fold, (byFold.get(fold) ?? new Set()).add(spelling));
      return spelling;
    },
    canonical(asked) {
      if (known.has(asked)) return asked;
      const [only, ...others] = byFold.get(foldCode(asked)) ?? [];
      return only !== undefined && others.length === 0 ? only : asked;
    },
    means: (asked, code) => asked === code || (!known.has(asked) && foldCode(asked) === foldCode(code)),
  };
}

/** Whether a code is among those requested, given all codes of a list: an exact match takes precedence. */
export function isAskedFor(
  code: string,
  asked: readonly string[],
  shown: ReadonlySet<string>,
  codes: CurrencyCodes,
): boolean {
  return asked.some((each) => each === code || (!shown.has(each) && codes.means(each, code)));
}
