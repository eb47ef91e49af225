let state = 0x0a9e0a9e;

/** The same rows in an order that is drawn for each call; every run draws the same orders. */
export function shuffled<Row>(rows: readonly Row[]): Row[] {
  const drawn = [...rows];
  for (let left = drawn.length - 1; left > 0; left -= 1) {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const picked = ((mixed ^ (mixed >>> 14)) >>> 0) % (left + 1);
    [drawn[left], drawn[picked]] = [drawn[picked] as Row, drawn[left] as Row];
  }
  return drawn;
}
