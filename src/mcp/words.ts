// How answers are put into words, for models that read the text of a result and not its structure.

interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** An amount with its currency; what is null was not reported. */
export function moneyWords(money: Money | null): string {
  return money === null ? 'not reported' : `${money.amount} ${money.currency}`;
}

/** Text that is data: on one line, in quotation marks, cut where it is long. */
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

/** Lines of text at most: the rest is in the structure, and said to be. */
const linesMax = 60;

/** An answer under its headline, with what is missing said before it. */
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

/** The rows of a list, one a line, with what is missing said before them and how to go on after them. */
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
