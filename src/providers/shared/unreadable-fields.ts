// Whoever parses a reply does so in one go, so that one note-taker at a time is enough; the schemas of rows are made once
// and know neither the call nor the log.
let note: ((field: string) => void) | null = null;

/** Parses a reply; `onUnreadable` is told each field whose value was left out because it could not be read. */
export function notingUnreadable<T>(onUnreadable: (field: string) => void, parse: () => T): T {
  const outer = note;
  note = onUnreadable;
  try {
    return parse();
  } finally {
    note = outer;
  }
}

/** Notes a field of the reply that is being parsed, whose value could not be read and is shown as null. */
export function noteUnreadable(field: string): void {
  note?.(field);
}
