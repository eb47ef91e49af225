import {
  type ConstDirectiveNode,
  type GraphQLField,
  getNamedType,
  isCompositeType,
  valueFromASTUntyped,
} from 'graphql';

/** The size of a list, from `@listSize`. */
interface ListSize {
  readonly assumedSize: number | null;
  /** Arguments whose value is the list's size. */
  readonly slicingArguments: readonly string[];
  /** Names of the child fields that are the list; null when this field itself is the list. */
  readonly sizedFields: readonly string[] | null;
}

/** What a field costs, without the fields below it. */
export interface FieldCost {
  /** Cost of one occurrence: from `@cost`, else 1 for an object and 0 for a value. */
  readonly weight: number;
  readonly listSize: ListSize | null;
}

/** Assumed size of a list without `@listSize`. Such lists are short: providers, sources, ... */
export const listSizeAssumed = 10;

/** Reads a field's cost from `@cost` and `@listSize` in the schema. */
export function readFieldCost(field: GraphQLField<unknown, unknown>): FieldCost {
  const directives = field.astNode?.directives ?? [];
  const cost = argumentsOf(directives.find(({ name }) => name.value === 'cost'));
  const listSize = directives.find(({ name }) => name.value === 'listSize');
  const weight = toNumber(cost.weight) ?? (isCompositeType(getNamedType(field.type)) ? 1 : 0);
  return { weight, listSize: listSize === undefined ? null : toListSize(argumentsOf(listSize)) };
}

function toListSize(given: Readonly<Record<string, unknown>>): ListSize {
  const sizedFields = toWords(given.sizedFields);
  return {
    assumedSize: toNumber(given.assumedSize),
    slicingArguments: toWords(given.slicingArguments),
    sizedFields: sizedFields.length === 0 ? null : sizedFields,
  };
}

/** The requested size of a list: the largest slicing argument, else the assumed size. Never negative. */
export function listSizeOf(size: ListSize, args: Readonly<Record<string, unknown>>): number {
  const asked = size.slicingArguments.map((name) => args[name]).filter((value) => typeof value === 'number');
  if (asked.length > 0) return Math.max(0, ...asked);
  return size.assumedSize ?? listSizeAssumed;
}

function argumentsOf(directive: ConstDirectiveNode | undefined): Readonly<Record<string, unknown>> {
  const given = directive?.arguments ?? [];
  return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}

function toNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function toWords(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}
