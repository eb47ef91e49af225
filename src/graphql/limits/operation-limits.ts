import {
  type FieldNode,
  type GraphQLField,
  GraphQLList,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { QueryLimits } from '../../domain/query-limits.ts';
import { checkLimit, tooComplex } from './check-limit.ts';
import { collectFields, type OperationScope } from './collect-fields.ts';
import { type FieldCost, listSizeAssumed, listSizeOf, readFieldCost } from './field-cost.ts';

/** A list whose size was fixed by a field above it, and the names of the fields that are that list. */
interface SizedBelow {
  readonly fieldNames: readonly string[];
  readonly size: number;
}

/** Looks up a field's cost. */
export type FieldCosts = (field: GraphQLField<unknown, unknown>) => FieldCost;

/** Reads each field's directives from the schema once, and caches the result. */
export function createFieldCosts(): FieldCosts {
  const known = new Map<GraphQLField<unknown, unknown>, FieldCost>();
  return (field) => {
    const cost = known.get(field) ?? readFieldCost(field);
    known.set(field, cost);
    return cost;
  };
}

/**
 * Traverses an operation as execution would, without reading anything, and returns its cost. An abstract type costs as
 * much as its most expensive member. Visits at most `limits.fields` selections. Throws QUERY_TOO_COMPLEX, or the error
 * of graphql-js for an argument that execution will refuse.
 */
export function measureOperation(
  root: GraphQLObjectType,
  selectionSet: SelectionSetNode,
  scope: Omit<OperationScope, 'onSelection'>,
  limits: QueryLimits,
  costs: FieldCosts,
): number {
  let selectionCount = 0;
  const counting: OperationScope = {
    ...scope,
    onSelection() {
      selectionCount += 1;
      if (selectionCount > limits.fields) throw tooComplex('fields', limits.fields, null);
    },
  };

  function objectCost(
    type: GraphQLObjectType,
    selectionSets: readonly SelectionSetNode[],
    depth: number,
    sized: SizedBelow | null,
  ): number {
    if (depth > limits.depth) throw tooComplex('depth', limits.depth, null);
    const fields = collectFields(type, selectionSets, counting);
    checkLimit('breadth', fields.size, limits);
    let cost = 0;
    for (const nodes of fields.values()) cost += fieldCost(type, nodes, depth, sized);
    return cost;
  }

  function fieldCost(
    parent: GraphQLObjectType,
    nodes: readonly FieldNode[],
    depth: number,
    sized: SizedBelow | null,
  ): number {
    const [node] = nodes;
    if (node === undefined) return 0;
    const fieldName = node.name.value;
    if (fieldName.startsWith('__')) return introspectionCost(fieldName, nodes, depth);
    // The field returns the whole schema as text.
    if (fieldName === '_service') return introspectionPrice;
    const field = parent.getFields()[fieldName];
    if (field === undefined) return 0;
    const args = getArgumentValues(field, node, scope.variables);
    checkListItems(args, limits);
    const { weight, listSize } = costs(field);
    const size = listSize === null ? null : listSizeOf(listSize, args);
    const below =
      listSize?.sizedFields == null || size === null ? null : { fieldNames: listSize.sizedFields, size };
    const inner = typeCost(field.type, childrenOf(nodes), depth + 1, below);
    if (sized?.fieldNames.includes(fieldName) === true) return sized.size * (weight + inner);
    if (!isList(field.type)) return weight + inner;
    return (size ?? longestList(args) ?? listSizeAssumed) * (weight + inner);
  }

  function typeCost(
    type: GraphQLOutputType,
    selectionSets: readonly SelectionSetNode[],
    depth: number,
    sized: SizedBelow | null,
  ): number {
    const named = getNamedType(type);
    if (isObjectType(named)) return objectCost(named, selectionSets, depth, sized);
    if (!isAbstractType(named)) return 0;
    const members = scope.schema.getPossibleTypes(named);
    return Math.max(0, ...members.map((member) => objectCost(member, selectionSets, depth, sized)));
  }

  // Validation bounds how deeply introspection nests; here each read of the schema has a fixed price.
  function introspectionCost(fieldName: string, nodes: readonly FieldNode[], depth: number): number {
    if (fieldName === '__typename') return 0;
    const type = scope.schema.getType(fieldName === '__schema' ? '__Schema' : '__Type');
    if (isObjectType(type)) countOnly(type, childrenOf(nodes), depth + 1);
    return introspectionPrice;
  }

  function countOnly(
    type: GraphQLObjectType,
    selectionSets: readonly SelectionSetNode[],
    depth: number,
  ): void {
    if (depth > limits.depth) throw tooComplex('depth', limits.depth, null);
    for (const nodes of collectFields(type, selectionSets, counting).values()) {
      const named = getNamedType(type.getFields()[nodes[0]?.name.value ?? '']?.type);
      if (isObjectType(named)) countOnly(named, childrenOf(nodes), depth + 1);
    }
  }

  const cost = objectCost(root, [selectionSet], 1, null);
  checkLimit('cost', Math.ceil(cost), limits);
  return cost;
}

/** Price of one `__schema`, `__type` or `_service`: about the size of its answer. */
const introspectionPrice = 2_000;

function childrenOf(nodes: readonly FieldNode[]): readonly SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}

function isList(type: GraphQLOutputType): boolean {
  return getNullableType(type) instanceof GraphQLList;
}

// Iterates with an explicit stack, because nothing bounds how deeply a variable of type _Any nests.
function checkListItems(args: Readonly<Record<string, unknown>>, limits: QueryLimits): void {
  const waiting: unknown[] = Object.values(args);
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) checkLimit('listItems', value.length, limits);
    for (const inner of Object.values(value)) waiting.push(inner);
  }
}

/** The length of the longest list argument, for fields that return one object per member (`_entities`). */
function longestList(args: Readonly<Record<string, unknown>>): number | null {
  const lengths = Object.values(args)
    .filter(Array.isArray)
    .map((list) => list.length);
  return lengths.length === 0 ? null : Math.max(...lengths);
}
