import type { GeneratorValue } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { encodeAccountId, encodeBalanceId, encodeTransactionId } from '../../src/domain/global-id.ts';
import { master, sub } from '../support/fake-provider.ts';
import fc from '../support/fast-check.ts';
import type { Sent } from './both.fixture.ts';

/**
 * Valid operations over a schema, with variables that nearly always fit: fields, aliases, the same field twice,
 * fragments of both kinds and nested ones, conditions, values as literals, as variables and as variables within
 * literals.
 */
export function randomOperations(schema: GraphQLSchema): fc.Arbitrary<Sent> {
  return fc.gen().map((pick) => new Writer(schema, pick).write());
}

const depthMax = 6;

const ids: readonly string[] = [
  encodeAccountId(master),
  encodeAccountId(sub('a-1')),
  encodeAccountId(sub('nobody')),
  encodeBalanceId({ account: sub('a-1'), ledger: 'BANKING', currency: 'USD', distinguishingId: null }),
  encodeBalanceId({ account: master, ledger: 'ISSUING', currency: 'XXX', distinguishingId: null }),
  encodeTransactionId({
    account: master,
    ledger: 'BANKING',
    createdSecond: 1000,
    hasFraction: false,
    providerTransactionId: 'BANKING-1',
    distinguishingId: null,
  }),
  // A provider's own.
  'BANKING-1',
  'nonsense',
];

const scalars: Readonly<Record<string, readonly unknown[]>> = {
  Int: [1, 2, 3, 20, 0, 101],
  Boolean: [true, false],
  String: ['', 'nonsense', '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d0'],
  ID: ids,
  CurrencyCode: ['USD', 'EUR', 'XXX'],
  DateTime: ['1970-01-01T00:16:41Z', '1970-01-01T00:16:42.5+00:00'],
  _Any: [
    { __typename: 'Account', id: ids[1] },
    { __typename: 'Account', providerCode: 'UQPAY', providerAccountId: 'a-2' },
    { __typename: 'Balance', id: ids[3] },
    { __typename: 'Balance', id: 'nonsense' },
    { __typename: 'Transaction', id: ids[5] },
    { __typename: 'Provider', code: 'UQPAY' },
    { __typename: 'Nothing' },
  ],
};

class Writer {
  readonly #schema: GraphQLSchema;
  readonly #pick: GeneratorValue;
  readonly #definitions: string[] = [];
  readonly #fragments: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  #nameCount = 0;

  constructor(schema: GraphQLSchema, pick: GeneratorValue) {
    this.#schema = schema;
    this.#pick = pick;
  }

  write(): Sent {
    const root = this.#schema.getQueryType();
    if (root == null) throw new Error('The schema has no queries.');
    const selection = this.#selection(root, 0);
    const declared = this.#definitions.length === 0 ? '' : `(${this.#definitions.join(', ')})`;
    return {
      query: `query Random${declared} ${selection}\n${this.#fragments.join('\n')}`,
      variables: this.#variables,
    };
  }

  #one<Value>(values: readonly Value[]): Value {
    return values[this.#pick(fc.nat, values.length - 1)] as Value;
  }

  #chance(percent: number): boolean {
    return this.#pick(fc.nat, 99) < percent;
  }

  #name(prefix: string): string {
    this.#nameCount += 1;
    return `${prefix}${this.#nameCount}`;
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    const count = 1 + this.#pick(fc.nat, depth === 0 ? 2 : 3);
    const parts: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const part = this.#chance(25) ? this.#fragment(type, depth) : this.#field(type, depth);
      if (part !== null) parts.push(part);
    }
    return `{ ${parts.length === 0 ? '__typename' : parts.join(' ')} }`;
  }

  #fragment(type: GraphQLNamedType, depth: number): string | null {
    if (depth >= depthMax) return null;
    const on = this.#one(this.#typesWithin(type));
    const selection = this.#selection(on, depth + 1);
    const condition = this.#condition();
    if (this.#chance(50))
      return `... ${on === type && this.#chance(50) ? '' : `on ${on.name}`}${condition} ${selection}`;
    const name = this.#name('F');
    this.#fragments.push(`fragment ${name} on ${on.name} ${selection}`);
    // Twice, so that one of the two may be left out.
    return `...${name}${condition} ${this.#chance(40) ? `...${name}${this.#condition()}` : ''}`;
  }

  #typesWithin(type: GraphQLNamedType): readonly GraphQLNamedType[] {
    return isAbstractType(type) ? [type, ...this.#schema.getPossibleTypes(type)] : [type];
  }

  #field(type: GraphQLNamedType, depth: number): string | null {
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    const fields = Object.values(type.getFields()).filter(
      // A plan of an invalid text refuses the whole operation, so it must not be null.
      (field) => field.name !== 'explain' && (depth < depthMax || !isCompositeType(getNamedType(field.type))),
    );
    if (fields.length === 0 || this.#chance(5)) return `${this.#chance(50) ? 'kind: ' : ''}__typename`;
    const field = this.#one(fields);
    const args = this.#arguments(field);
    // Fields with arguments, or with subfields that may have some, get their own alias: two with the same name would
    // have to be identical.
    const isPlain = args === '' && !isCompositeType(getNamedType(field.type));
    const alias = isPlain && this.#chance(80) ? '' : `${this.#name('x')}: `;
    return `${alias}${field.name}${args}${this.#condition()} ${this.#below(field.type, depth)}`;
  }

  #below(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type);
    return isCompositeType(named) ? this.#selection(named, depth + 1) : '';
  }

  #condition(): string {
    if (!this.#chance(20)) return '';
    const directive = this.#one(['skip', 'include']);
    if (this.#chance(20)) return ` @${directive}(if: ${this.#one(['true', 'false'])})`;
    // Few variables, so that most operations have not too many to be compiled.
    const name = this.#one(['p', 'q']);
    if (!(name in this.#variables)) {
      this.#definitions.push(`$${name}: Boolean!`);
      this.#variables[name] = this.#chance(50);
    }
    return ` @${directive}(if: $${name})`;
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const given = field.args
      .filter((argument) => isRequired(argument) || this.#chance(35))
      .map((argument) => `${argument.name}: ${this.#value(argument.type, argument)}`);
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  /** A literal, or a variable of exactly this type. */
  #value(type: GraphQLInputType, position?: GraphQLArgument | GraphQLInputField): string {
    if (this.#chance(35)) return this.#variable(type, position);
    if (!isNonNullType(type) && this.#chance(10)) return 'null';
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      if (this.#chance(15) && getNamedType(nullable).name !== '_Any') return this.#value(nullable.ofType);
      const count = this.#pick(fc.nat, 3);
      return `[${Array.from({ length: count }, () => this.#value(nullable.ofType)).join(', ')}]`;
    }
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields()).filter(() => this.#chance(35));
      return `{ ${fields.map((field) => `${field.name}: ${this.#value(field.type, field)}`).join(', ')} }`;
    }
    return this.#literal(this.#plain(nullable), isEnumType(nullable));
  }

  #variable(type: GraphQLInputType, position?: GraphQLArgument | GraphQLInputField): string {
    const name = this.#name('v');
    const isOptional = position !== undefined && !isRequired(position);
    const declared = isOptional && this.#chance(50) ? String(getNullableType(type)) : String(type);
    const isNullable = !declared.endsWith('!');
    const initial = isNullable && this.#chance(20) ? ` = ${this.#constant(type)}` : '';
    this.#definitions.push(`$${name}: ${declared}${initial}`);
    if (isNullable && this.#chance(15)) this.#variables[name] = null;
    else if (!isNullable || this.#chance(80))
      this.#variables[name] = this.#chance(4) ? { bad: 1 } : this.#plain(type);
    return `$${name}`;
  }

  #constant(type: GraphQLInputType): string {
    const nullable = getNullableType(type);
    if (isListType(nullable)) return `[${this.#constant(nullable.ofType)}]`;
    return isInputObjectType(nullable) ? '{}' : this.#literal(this.#plain(nullable), isEnumType(nullable));
  }

  /** A value as JSON. */
  #plain(type: GraphQLInputType): unknown {
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      return Array.from({ length: this.#pick(fc.nat, 3) }, () => this.#plain(nullable.ofType));
    }
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields()).filter(() => this.#chance(35));
      return Object.fromEntries(fields.map((field) => [field.name, this.#plain(field.type)]));
    }
    if (isEnumType(nullable)) return this.#one(nullable.getValues()).name;
    return this.#one(scalars[nullable.name] ?? ['nonsense']);
  }

  #literal(value: unknown, isEnum = false): string {
    if (isEnum) return String(value);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const fields = Object.entries(value).map(([name, inner]) => {
      if (name !== 'id' || !this.#chance(40)) return `${name}: ${JSON.stringify(inner)}`;
      // A variable within a literal that no type describes.
      const variable = this.#name('v');
      this.#definitions.push(`$${variable}: ID`);
      if (this.#chance(80)) this.#variables[variable] = inner;
      return `${name}: $${variable}`;
    });
    return `{ ${fields.join(', ')} }`;
  }
}

function isRequired({ type, defaultValue }: GraphQLArgument | GraphQLInputField): boolean {
  return isNonNullType(type) && defaultValue === undefined;
}
