import { GraphQLError, type ValidationRule } from 'graphql';

/** Root fields that reveal the schema: introspection, and the SDL that composition reads from a subgraph. */
const schemaFields: ReadonlySet<string> = new Set(['__schema', '__type', '_service']);

/** Refuses operations that read the schema anywhere. */
export const noSchemaReading: ValidationRule = (context) => ({
  Field(node) {
    if (!schemaFields.has(node.name.value)) return;
    context.reportError(
      new GraphQLError(
        `The schema cannot be read here, so not "${node.name.value}" either: INTROSPECTION is off. "npm run schema" prints it for composers.`,
        { nodes: node },
      ),
    );
  },
});
