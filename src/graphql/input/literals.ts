import { type GraphQLError, Kind, print, type ValueNode } from 'graphql';

/** Says what is wrong with a value in a document: which argument, what is allowed, what was found. */
export function badLiteralMessage(node: ValueNode, allowed: string): string {
  const argumentName = argumentNameOf(node);
  const argument = argumentName === null ? 'An argument' : `Argument "${argumentName}"`;
  return `${argument} must be ${allowed}; found ${print(node)}.`;
}

/** The argument or input field that a literal was written for; null for a document without positions. */
function argumentNameOf(node: ValueNode): string | null {
  let token = node.loc?.startToken ?? null;
  // Only the brackets and members of a list stand between a value and the colon after its name.
  while (token !== null && token.kind !== ':') token = token.prev;
  return token?.prev?.value ?? null;
}

const builtIn: Readonly<Record<string, string>> = {
  Int: 'a whole number from -2147483648 to 2147483647',
  Boolean: 'true or false',
  String: 'text in quotes',
  ID: 'an id in quotes',
};

/**
 * Creates the same message for a literal that one of GraphQL's own scalars refused during validation; null for any
 * other error. Only the message identifies these errors: graphql-js gives them no code.
 */
export function badBuiltInLiteral(error: GraphQLError): string | null {
  const [, scalar = ''] = /^(Int|Boolean|String|ID) cannot represent /.exec(error.message) ?? [];
  const allowed = builtIn[scalar];
  const [node, ...others] = error.nodes ?? [];
  if (allowed === undefined || node === undefined || others.length > 0 || !isValue(node)) return null;
  return badLiteralMessage(node, allowed);
}

const valueKinds: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]);

function isValue(node: { readonly kind: string }): node is ValueNode {
  return valueKinds.has(node.kind);
}
