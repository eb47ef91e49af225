/** Most levels of lists and objects within each other. */
const levelsMax = 100;
/** Most names, lists and objects together: they take `JSON.parse` long, unlike strings and numbers. */
const partsMax = 20_000;
/** A text up to this length cannot hold enough of either to matter. */
const lengthAlwaysRead = 10_000;

const quote = 34;
const backslash = 92;
const colon = 58;
const openings: ReadonlySet<number> = new Set([91, 123]);
const closings: ReadonlySet<number> = new Set([93, 125]);

/**
 * Why a JSON text would take too long to parse, in words that follow "The request body"; null if it would not.
 * `JSON.parse` takes 0.4 s for 1 MB of "[" and 0.3 s for 1 MB of names, and this takes 10 ms.
 */
export function jsonShapeProblem(text: string): string | null {
  if (text.length <= lengthAlwaysRead) return null;
  let levels = 0;
  let parts = 0;
  let isInText = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (isInText) {
      if (unit === backslash) index += 1;
      else if (unit === quote) isInText = false;
    } else if (unit === quote) isInText = true;
    else if (unit === colon) parts += 1;
    else if (openings.has(unit)) {
      parts += 1;
      levels += 1;
      if (levels > levelsMax) return `nests deeper than ${levelsMax} levels.`;
    } else if (closings.has(unit)) levels -= 1;
    if (parts > partsMax) return `has more than ${partsMax} names, lists and objects.`;
  }
  return null;
}
