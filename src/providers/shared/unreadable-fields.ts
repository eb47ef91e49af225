// A reply is parsed synchronously, so one listener at a time is enough. The schemas of rows are created once, and know
// neither the call nor the log.
let note: ((field: string) => void) | null = null;

/** Parses a reply; calls `onUnreadable` with each field whose value was left out because it could not be read. */
export function notingUnreadable<T>(onUnreadable: (field: string) => void, parse: () => T): T {
  const outer = note;
  note = onUnreadable;
  try {
    return parse();
  } finally {
    note = outer;
  }
}

/** Reports a field of the reply being parsed whose value could not be read and is returned as null. */
export function noteUnreadable(field: string): void {
  note?.(field);
}
