import { GraphQLError, type ValidationRule } from 'graphql';

/** Root fields that give the schema away: introspection, and the SDL that a composer may ask a subgraph for. */
const schemaFields: ReadonlySet<string> = new Set(['__schema', '__type', '_service']);

/** Refuses operations that read the schema, wherever in them they do. */
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
