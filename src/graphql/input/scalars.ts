import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { type DecimalText, isDecimalText } from '../../domain/decimal.ts';
import { type Instant, instantText, parseInstant } from '../../domain/instant.ts';
import { parseTimeZone } from '../../domain/time-zone.ts';
import { badLiteralMessage } from './literals.ts';

/** How a scalar is parsed and serialised, and what its error says is allowed. */
interface ScalarRule<Internal> {
  readonly name: string;
  /** Completes "must be ...". */
  readonly allowed: string;
  /** Returns null for text that is not allowed. */
  parse(text: string): Internal | null;
  serialize(value: unknown): string;
}

/** Exact amounts. Refuses JSON numbers: a double may already have lost digits. */
export const Decimal = createScalar<DecimalText>({
  name: 'Decimal',
  allowed: 'a decimal number as a string, for example "12.50"; JSON numbers and float literals are refused',
  parse: (text) => (isDecimalText(text) ? text : null),
  serialize: String,
});

/** Visible ASCII that a provider may use as an asset code, in any case, because providers differ. */
const currencyCode = /^[A-Za-z0-9$][\x21-\x7e]{0,31}$/;

export function isCurrencyCode(text: string): boolean {
  return currencyCode.test(text);
}

/** Currency and asset codes. */
export const CurrencyCode = createScalar<string>({
  name: 'CurrencyCode',
  allowed: 'a code of at most 32 characters without blanks, in any case, for example "USD" or "USDC.e"',
  parse: (text) => (isCurrencyCode(text) ? text : null),
  serialize: String,
});

/** Stricter than what providers may send: requires `T`, a colon in the offset, and at most 9 fraction digits. */
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** Instants. */
export const DateTime = createScalar<Instant>({
  name: 'DateTime',
  allowed:
    'an RFC 3339 time with an offset, for example "2026-01-31T09:30:00Z" or "2026-01-31T17:30:00+08:00"',
  parse: (text) => (rfc3339.test(text) ? parseInstant(text) : null),
  serialize: (value) => instantText(value as Instant),
});

/** Names from the IANA time zone database. */
export const TimeZone = createScalar<string>({
  name: 'TimeZone',
  allowed: 'the name of a time zone in the IANA database, for example "Asia/Singapore" or "UTC"',
  parse: parseTimeZone,
  serialize: String,
});

function createScalar<Internal>(rule: ScalarRule<Internal>): GraphQLScalarType<Internal, string> {
  const { name, allowed, serialize } = rule;
  return new GraphQLScalarType<Internal, string>({
    name,
    serialize,
    parseValue(value) {
      const parsed = typeof value === 'string' ? rule.parse(value) : null;
      // graphql-js puts the variable's name and path in front of this message.
      if (parsed === null) throw new GraphQLError(`It must be ${allowed}.`);
      return parsed;
    },
    parseLiteral(node) {
      const parsed = node.kind === Kind.STRING ? rule.parse(node.value) : null;
      if (parsed === null) {
        const message = badLiteralMessage(node, allowed);
        throw new GraphQLError(message, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } });
      }
      return parsed;
    },
  });
}
