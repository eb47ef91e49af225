/** How much a finding matters: a `problem` keeps the gateway from doing its work, a `warning` may. */
export type Level = 'ok' | 'note' | 'warning' | 'problem';

/** One thing that was looked at. Never holds a secret, an account or an amount. */
export interface Finding {
  readonly level: Level;
  /** What was found, as a sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** What was found about one thing. */
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

/** How many findings of a level there are. */
export function countOf(level: Level, sections: readonly Section[]): number {
  return sections.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length;
}
