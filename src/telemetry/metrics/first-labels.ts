/**
 * Labels for texts of which there may be many: the first `max` texts become labels, and all others become `other`, so
 * that callers cannot make the metrics grow.
 */
export function createFirstLabels(max: number): (text: string) => string {
  const known = new Set<string>();
  return (text) => {
    if (known.has(text)) return text;
    if (known.size >= max || text.length > lengthMax) return 'other';
    known.add(text);
    return text;
  };
}

const lengthMax = 64;
