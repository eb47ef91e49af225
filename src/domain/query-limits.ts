/** The most that one operation may ask for. Anything above is refused before anything is read. */
export interface QueryLimits {
  /** Characters of the whole document, including comments and blanks. */
  readonly length: number;
  /** Lexical tokens of the whole document: names, values and punctuators. */
  readonly tokens: number;
  /** Fragment definitions in the whole document. */
  readonly fragments: number;
  /** Directives anywhere in the document. */
  readonly directives: number;
  /** Directives at one location: on one field, one fragment or one operation. */
  readonly directivesPerLocation: number;
  /** Fields in the document that have an alias. */
  readonly aliases: number;
  /** Nesting depth of fields, counted from the root. */
  readonly depth: number;
  /** Fields of one object. */
  readonly breadth: number;
  /** Fields of the operation with its fragments expanded; the fields of a list's members count once. */
  readonly fields: number;
  /** Members of one list in an argument. */
  readonly listItems: number;
  /** Estimated objects in the answer, weighted by `@cost` and multiplied by `@listSize`. */
  readonly cost: number;
}

/** A quantity that is limited. */
export type Measure = keyof QueryLimits;

/** The limits unless configured otherwise. */
export const queryLimitsDefault: QueryLimits = {
  length: 50_000,
  tokens: 4_000,
  fragments: 100,
  directives: 100,
  directivesPerLocation: 5,
  aliases: 100,
  depth: 16,
  breadth: 100,
  fields: 5_000,
  listItems: 1_000,
  cost: 20_000,
};
