/** Turns a provider's currency codes into ours, and what callers ask for into those. */
export interface CurrencyCodes {
  /** Our code for the provider's spelling: what answers say. */
  read(spelling: string): string;
  /** The code that is asked for, in whatever case, as answers spell it as far as that is known. */
  canonical(asked: string): string;
  /** Whether what is asked for, in whatever case, means `code`, which is one of ours. */
  means(asked: string, code: string): boolean;
}

/** Text on which spellings agree that differ in case only. */
export function foldCode(code: string): string {
  return code.toUpperCase();
}

/** Codes that have no case of their own, as those of ISO 4217: they are in upper case. */
export const upperCaseCodes: CurrencyCodes = {
  read: foldCode,
  canonical: foldCode,
  means: (asked, code) => foldCode(asked) === code,
};

/** Codes as they are: for providers that say nothing of theirs. */
export const exactCodes: CurrencyCodes = {
  read: (spelling) => spelling,
  canonical: (asked) => asked,
  means: (asked, code) => asked === code,
};

/** More codes than any provider has; what comes after them is taken as it is. */
const knownCodesMax = 1_000;

/**
 * Codes that keep the provider's spelling, because an asset is called so (`USDC.e`). Asked for in another case it is
 * found as well, unless the provider has been seen to have an asset that is spelled as was asked: two assets whose
 * codes differ in case only are two.
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

/** Whether a code is among those asked for, given all codes that a list shows: what is spelled exactly so comes first. */
export function isAskedFor(
  code: string,
  asked: readonly string[],
  shown: ReadonlySet<string>,
  codes: CurrencyCodes,
): boolean {
  return asked.some((each) => each === code || (!shown.has(each) && codes.means(each, code)));
}
