import {
  type FieldNode,
  type GraphQLError,
  type GraphQLOutputType,
  getNullableType,
  isListType,
  isNonNullType,
  locatedError,
} from 'graphql';

type Path = readonly (string | number)[];

/** Errors of one answer that are reported in full: each takes as long as a small answer. */
export const reportedErrorsMax = 1_000;

/** Converts the errors of compiled code to the form of graphql-js, up to `reportedErrorsMax`; the rest stay as they are. */
export type ErrorLocator = (errors: readonly GraphQLError[], data: unknown) => readonly GraphQLError[];

/**
 * Creates the locator. graphql-jit's errors resemble those of graphql-js but have no nodes, and may have no
 * `extensions`; the field nodes are found by their position in the source. When several non-null fields of one object
 * are null, graphql-js reports the first and gives up on the object, but graphql-jit reports them all.
 */
export function createErrorLocator(typeOf: ReadonlyMap<FieldNode, GraphQLOutputType>): ErrorLocator {
  // Filled on the first error: most operations never have one.
  const nodesByPlace = new Map<string, FieldNode>();

  function nodesOf({ locations = [] }: GraphQLError): readonly FieldNode[] {
    if (nodesByPlace.size === 0) {
      for (const node of typeOf.keys()) {
        const start = node.loc?.startToken;
        if (start !== undefined) nodesByPlace.set(placeText(start), node);
      }
    }
    return locations.flatMap((place) => nodesByPlace.get(placeText(place)) ?? []);
  }

  return (errors, data) => {
    const givenUp = new Set<string>();
    let reportedCount = 0;
    return errors.flatMap((error) => {
      const nodes = nodesOf(error);
      const path = error.path ?? [];
      if (isNonNullAt(nodes[0], path, typeOf)) {
        const nulled = JSON.stringify(nulledPart(path, data));
        if (givenUp.has(nulled)) return [];
        givenUp.add(nulled);
      }
      reportedCount += 1;
      if (reportedCount > reportedErrorsMax) return [error];
      return [locatedError(error.originalError ?? new Error(error.message), nodes, path)];
    });
  };
}

function placeText({ line, column }: { readonly line: number; readonly column: number }): string {
  return `${line}:${column}`;
}

/** Whether the type forbids null at a path that ends with a field or with list members of it. */
function isNonNullAt(
  node: FieldNode | undefined,
  path: Path,
  typeOf: ReadonlyMap<FieldNode, GraphQLOutputType>,
): boolean {
  let type = node === undefined ? undefined : typeOf.get(node);
  const fieldIndex = path.findLastIndex((key) => typeof key === 'string');
  for (let depth = path.length - 1; depth > fieldIndex && type !== undefined; depth -= 1) {
    const nullable: GraphQLOutputType = getNullableType(type);
    type = isListType(nullable) ? nullable.ofType : undefined;
  }
  return isNonNullType(type);
}

/** The start of a path, up to the position where the answer is null. */
function nulledPart(path: Path, data: unknown): Path {
  let value = data;
  for (const [depth, key] of path.entries()) {
    if (typeof value !== 'object' || value === null) return path.slice(0, depth);
    value = Reflect.get(value, key);
  }
  return path;
}
