/** How much a finding matters: a `problem` keeps the gateway from working, a `warning` may. */
export type Level = 'ok' | 'note' | 'warning' | 'problem';

/** One result of the examination. Never contains a secret, an account or an amount. */
export interface Finding {
  readonly level: Level;
  /** What was found, as a sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** The findings about one subject. */
export interface Section {
  readonly name: string;
  readonly findings: readonly Finding[];
}

export function ok(text: string): Finding {
  return { level: 'ok', text };
}

export function note(text: string, remedy?: string): Finding {
  return toFinding('note', text, remedy);
}

export function warning(text: string, remedy?: string): Finding {
  return toFinding('warning', text, remedy);
}

export function problem(text: string, remedy?: string): Finding {
  return toFinding('problem', text, remedy);
}

function toFinding(level: Level, text: string, remedy: string | undefined): Finding {
  return { level, text, ...(remedy === undefined ? {} : { remedy }) };
}

/** Counts the findings of a level. */
export function countOf(level: Level, sections: readonly Section[]): number {
  return sections.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length;
}
