/** A point of local time as seconds since 1970-01-01T00:00:00 of that local time. */
export type LocalSecond = number;

/** The civil time of one IANA time zone. */
export interface TimeZone {
  /** Local time of an instant, both in whole seconds since the epoch. */
  toLocal(second: number): LocalSecond;
  /**
   * The first instant at which the local time is `local` or later: if the clocks go back, the first time it occurs; if
   * they skip it, the moment of the change.
   */
  firstAt(local: LocalSecond): number;
}

/** The largest difference from UTC that a zone has ever had. */
const offsetMax = 16 * 3_600;
/** A name of the IANA database; offsets such as `+08:00` are not names. */
const zoneName = /^[A-Za-z][A-Za-z0-9_+\-/]*$/;

/** The name of a zone as the IANA database spells it; null for a name that is not in it. */
export function parseTimeZone(name: string): string | null {
  if (!zoneName.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** The civil time of a zone whose name `parseTimeZone` returned. */
export function createTimeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    ...{ timeZone: name, hourCycle: 'h23', era: 'short' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });

  function toLocal(second: number): LocalSecond {
    const parts: Record<string, number> = {};
    let isBeforeChrist = false;
    for (const { type, value } of format.formatToParts(second * 1_000)) {
      if (type === 'era') isBeforeChrist = value.startsWith('B');
      else parts[type] = Number(value);
    }
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: secondOfMinute = 0 } = parts;
    return (
      secondOf(isBeforeChrist ? 1 - year : year, month, day) + hour * 3_600 + minute * 60 + secondOfMinute
    );
  }

  function firstAt(local: LocalSecond): number {
    // The offset changes at most once in so short a time, and the earlier instant belongs to the offset before the
    // change.
    for (const around of [local - offsetMax, local + offsetMax]) {
      const second = local - (toLocal(around) - around);
      if (toLocal(second) === local) return second;
    }
    // The clocks skip this local time.
    let before = local - offsetMax;
    let after = local + offsetMax;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (toLocal(middle) >= local) after = middle;
      else before = middle;
    }
    return after;
  }

  return { toLocal, firstAt };
}

/** Start of a day of the proleptic Gregorian calendar, which repeats every 400 years. Months may overflow. */
export function secondOf(year: number, month: number, day: number): LocalSecond {
  return Date.UTC(year + 400, month - 1, day) / 1_000 - 146_097 * 86_400;
}
