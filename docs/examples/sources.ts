/** The state of one ledger of a list: select `sources { ledger state code }` with every list. */
export interface Source {
  /** Null for the list of accounts, which belongs to no ledger. */
  readonly ledger: string | null | undefined;
  readonly state: string;
  readonly code: string | null | undefined;
}

/** A sentence for the user about each ledger whose rows are missing or old; empty if the list is complete and fresh. */
export function troubleOf(sources: readonly Source[] | undefined): string[] {
  return (sources ?? [])
    .filter(({ state }) => state !== 'OK')
    .map(
      ({ ledger, state, code }) =>
        `${ledger ?? 'The list of accounts'} is ${state}${code ? ` (${code})` : ''}`,
    );
}
