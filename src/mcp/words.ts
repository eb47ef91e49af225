// Puts answers into words, for models that read a result's text rather than its structure.

interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** An amount with its currency; null was not reported. */
export function moneyWords(money: Money | null): string {
  return money === null ? 'not reported' : `${money.amount} ${money.currency}`;
}

/** `1 call`, `2 calls`. */
export function countWords(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Quotes text that is data: on one line, and cut if it is long. */
export function quoted(text: string): string {
  const oneLine = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
  return JSON.stringify(oneLine.length > 200 ? `${oneLine.slice(0, 200)}…` : oneLine);
}

interface Outcome {
  readonly complete: boolean;
  readonly sources: readonly {
    provider: string;
    ledger: string | null;
    state: string;
    code: string | null;
  }[];
  readonly problems: readonly string[];
}

interface ListFacts extends Outcome {
  readonly nextCursor: string | null;
  readonly totalCount: number | null;
}

/** The most lines of text; the text mentions that the structure has the rest. */
const linesMax = 60;

/** Formats an answer under its headline, after what is missing. */
export function outcomeWords(headline: string, lines: readonly string[], outcome: Outcome): string {
  const more = lines.length - linesMax;
  return [
    headline,
    ...missingWords(outcome),
    ...lines.slice(0, linesMax),
    ...(more > 0 ? [`${more} more lines are in the structured content.`] : []),
  ].join('\n');
}

function missingWords({ complete, sources, problems }: Outcome): string[] {
  const missing = sources
    .filter(({ state }) => state !== 'OK')
    .map((source) =>
      [source.provider, source.ledger, source.state, source.code].filter((word) => word !== null).join(' '),
    );
  return [
    ...(complete ? [] : ['INCOMPLETE: some of the data could not be read. Say so in what you report.']),
    ...missing.map((line) => `  source ${line}`),
    ...problems.map((line) => `  ${line}`),
  ];
}

/** Formats the rows of a list, one per line, after what is missing and before how to continue. */
export function listWords(what: string, rows: readonly string[], facts: ListFacts): string {
  const of = facts.totalCount === null ? '' : ` of ${facts.totalCount}`;
  return [
    `${rows.length}${of} ${what}.`,
    ...missingWords(facts),
    ...rows,
    ...(facts.nextCursor === null
      ? []
      : [`More: call again with cursor ${JSON.stringify(facts.nextCursor)}.`]),
  ].join('\n');
}
