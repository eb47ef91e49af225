import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import * as z from 'zod';
import { rowsPerPage } from '../shapes.ts';
import { defineTool, type Tool } from '../tool.ts';

interface Entry {
  /** For example `Query.balances` or `Ledger.BANKING`. */
  readonly name: string;
  /** Its notation in the schema. */
  readonly signature: string;
  readonly description: string;
}

/**
 * Creates a tool that searches the schema's fields, arguments and enum values by words in their names and descriptions.
 */
export function createSearchSchema(schema: GraphQLSchema): Tool {
  let entries: readonly Entry[] | null = null;
  return defineTool({
    name: 'search_schema',
    title: 'Search the schema',
    description: `Finds fields and values of the GraphQL schema by words, best first, at most ${rowsPerPage}: what can be asked, and what a value means. Costs no call to a provider.`,
    scope: null,
    input: z.strictObject({
      words: z.string().min(1).max(200).describe('Words to look for, such as "available balance".'),
    }),
    output: z.object({
      matches: z.array(z.object({ name: z.string(), signature: z.string(), description: z.string() })),
    }),
    async answer({ words }) {
      entries ??= entriesOf(schema);
      const matches = search(entries, words);
      const lines = matches.map(({ signature, description }) => `${signature}\n    ${description}`);
      return { structured: { matches }, text: lines.join('\n') || 'Nothing in the schema has these words.' };
    },
  });
}

function search(entries: readonly Entry[], text: string): Entry[] {
  const words = text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
  return entries
    .map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, rowsPerPage)
    .map(({ entry }) => entry);
}

/** A word in the name counts more than one in the signature or the description. */
function scoreOf({ name, signature, description }: Entry, words: readonly string[]): number {
  const lower = { name: name.toLowerCase(), rest: `${signature} ${description}`.toLowerCase() };
  return words.reduce(
    (score, word) => score + (lower.name.includes(word) ? 3 : 0) + (lower.rest.includes(word) ? 1 : 0),
    0,
  );
}

function entriesOf(schema: GraphQLSchema): Entry[] {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('_'))
    .flatMap(entriesOfType);
}

function entriesOfType(type: GraphQLNamedType): Entry[] {
  const description = oneLine(type.description);
  if (isObjectType(type) || isInterfaceType(type)) {
    const fields = Object.values(type.getFields()).map((field) => ({
      name: `${type.name}.${field.name}`,
      signature: `${type.name}.${field.name}${argumentsOf(field)}: ${field.type}`,
      description: oneLine(field.description),
    }));
    return [{ name: type.name, signature: `type ${type.name}`, description }, ...fields];
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => ({
      name: `${type.name}.${field.name}`,
      signature: `input ${type.name}.${field.name}: ${field.type}`,
      description: oneLine(field.description),
    }));
  }
  if (isEnumType(type)) {
    return type.getValues().map((value) => ({
      name: `${type.name}.${value.name}`,
      signature: `enum ${type.name}.${value.name}`,
      description: oneLine(value.description),
    }));
  }
  return [{ name: type.name, signature: `scalar ${type.name}`, description }];
}

function argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
  if (args.length === 0) return '';
  return `(${args.map(({ name, type }) => `${name}: ${type}`).join(', ')})`;
}

function oneLine(text: string | null | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}
