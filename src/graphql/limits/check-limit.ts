import { Failure } from '../../domain/failure.ts';
import type { Measure, QueryLimits } from '../../domain/query-limits.ts';

/** The environment variable that sets each maximum. */
const limitVariables: Readonly<Record<Measure, string>> = {
  length: 'MAX_QUERY_LENGTH',
  tokens: 'MAX_QUERY_TOKENS',
  fragments: 'MAX_QUERY_FRAGMENTS',
  directives: 'MAX_QUERY_DIRECTIVES',
  directivesPerLocation: 'MAX_QUERY_DIRECTIVES_PER_LOCATION',
  aliases: 'MAX_QUERY_ALIASES',
  depth: 'MAX_QUERY_DEPTH',
  breadth: 'MAX_QUERY_BREADTH',
  fields: 'MAX_QUERY_FIELDS',
  listItems: 'MAX_QUERY_LIST_ITEMS',
  cost: 'MAX_QUERY_COST',
};

const remedies: Readonly<Record<Measure, string>> = {
  length: 'Send a shorter document, and values as variables.',
  tokens: 'Send a shorter document.',
  fragments: 'Use fewer fragments.',
  directives: 'Use fewer directives.',
  directivesPerLocation: 'Write each directive once.',
  aliases: 'Rename fewer fields, or ask in several requests.',
  depth: 'Nest fewer fields.',
  breadth: 'Ask for fewer fields in one object.',
  fields: 'Ask for fewer fields, or in several requests.',
  listItems: 'Pass shorter lists.',
  cost: 'Ask for smaller pages ("first" or "last"), or in several requests.',
};

/** Creates QUERY_TOO_COMPLEX with the measure and its maximum. `value` is null when counting stopped at the maximum. */
export function tooComplex(measure: Measure, maximum: number, value: number | null): Failure {
  const found = value === null ? `more than ${maximum}` : String(value);
  return new Failure(
    'QUERY_TOO_COMPLEX',
    `The operation's ${measure} ${measure.endsWith('s') ? 'come' : 'comes'} to ${found}; ${limitVariables[measure]} allows ${maximum}. ${remedies[measure]}`,
    { limit: { measure, maximum, ...(value === null ? {} : { value }) } },
  );
}

/** Throws QUERY_TOO_COMPLEX when `value` exceeds the maximum of its measure. */
export function checkLimit(measure: Measure, value: number, limits: QueryLimits): void {
  if (value > limits[measure]) throw tooComplex(measure, limits[measure], value);
}
