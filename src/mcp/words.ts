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

interface ListFacts {
  readonly nextCursor: string | null;
  readonly totalCount: number | null;
  readonly complete: boolean;
  readonly sources: readonly {
    provider: string;
    ledger: string | null;
    state: string;
    code: string | null;
  }[];
  readonly problems: readonly string[];
}

/** The rows of a list, one a line, with what is missing said before them and how to go on after them. */
export function listWords(what: string, rows: readonly string[], facts: ListFacts): string {
  const of = facts.totalCount === null ? '' : ` of ${facts.totalCount}`;
  const missing = facts.sources
    .filter(({ state }) => state !== 'OK')
    .map(({ provider, ledger, state, code }) =>
      [provider, ledger, state, code].filter((word) => word !== null).join(' '),
    );
  return [
    `${rows.length}${of} ${what}.`,
    ...(facts.complete ? [] : ['INCOMPLETE: some of the data could not be read. Say so in what you report.']),
    ...missing.map((line) => `  source ${line}`),
    ...facts.problems.map((line) => `  ${line}`),
    ...rows,
    ...(facts.nextCursor === null
      ? []
      : [`More: call again with cursor ${JSON.stringify(facts.nextCursor)}.`]),
  ].join('\n');
}
