/**
 * The name in `known` that `name` was probably meant to be: one that it is a prefix of, else the one with the smallest
 * edit distance.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  const longer = known.find((candidate) => candidate.startsWith(`${name}_`));
  if (longer !== undefined) return longer;
  let nearest: string | null = null;
  let fewestEdits = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = editDistance(name, candidate);
    if (edits < fewestEdits) {
      nearest = candidate;
      fewestEdits = edits;
    }
  }
  return nearest;
}

// Levenshtein distance, one row of the table at a time.
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, fromA] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, fromB] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (fromA === fromB ? 0 : 1);
      const removed = (previous[column + 1] ?? 0) + 1;
      const added = (current[column] ?? 0) + 1;
      current.push(Math.min(replaced, removed, added));
    }
    previous = current;
  }
  return previous.at(-1) ?? a.length;
}
