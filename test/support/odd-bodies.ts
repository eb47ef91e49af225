import { Random } from './random.ts';

/**
 * A request body that no sensible client sends: what is odd about it, and its text of at most a million characters.
 */
export interface OddBody {
  readonly kind: string;
  readonly text: string;
}

/** Operations to send odd variables with; all are valid without any. */
export const askedWith = {
  accounts: 'query ($v: AccountFilter) { accounts(filter: $v) { totalCount } }',
  transactions: 'query ($v: TransactionFilter) { transactions(filter: $v) { totalCount } }',
  nodes: 'query ($v: [ID!] = []) { nodes(ids: $v) { id } }',
  entities: 'query ($v: [_Any!] = []) { _entities(representations: $v) { __typename } }',
  page: 'query ($v: Int) { accounts(first: $v) { totalCount } }',
  cursor: 'query ($v: String) { transactions(after: $v) { totalCount } }',
} as const;

const charactersMax = 1_000_000;

/** Bodies of all kinds in turn, with random sizes and odd parts; the same for the same seed. */
export function* oddBodies(seed: number, count: number): Generator<OddBody> {
  const random = new Random(seed);
  const kinds = Object.entries(makers);
  for (let index = 0; index < count; index += 1) {
    const [kind, make] = kinds[index % kinds.length] as (typeof kinds)[number];
    // As many small ones as large ones: quadratic behaviour shows at medium sizes as well.
    const size = Math.floor(10 ** (1 + random.next() * 4.95));
    yield { kind, text: make(size, random).slice(0, charactersMax) };
  }
}

type Make = (size: number, random: Random) => string;

const oddTexts = [
  'A',
  'TRANSFE',
  '\u0000',
  '\ud800',
  '\u{1f4b8}',
  '"',
  '\\',
  '\n',
  '2026-01-01T00:00:00Z',
  '1e999',
];
const oddValues: readonly unknown[] = [
  null,
  1,
  -1.5,
  1e300,
  true,
  '',
  'USD',
  'TRANSFER',
  {},
  [],
  [[]],
  { id: 1 },
];
const filterFields = [
  'accountIds',
  'types',
  'statuses',
  'currencies',
  'ledgers',
  'createdAt',
  'key',
  '__proto__',
];

function asVariable(size: number, random: Random, value: unknown): string {
  void size;
  return JSON.stringify({ query: random.pick(Object.values(askedWith)), variables: { v: value } });
}

/** A text of about `size` characters. */
function longText(size: number, random: Random): string {
  const part = random.pick(oddTexts);
  return part.repeat(Math.ceil(size / part.length));
}

function list<Item>(size: number, itemSize: number, item: (index: number) => Item): Item[] {
  return Array.from({ length: Math.ceil(size / itemSize) }, (_, index) => item(index));
}

function object(size: number, random: Random): Record<string, unknown> {
  const value = random.pick(oddValues);
  const name = random.pick(['key', 'provider', 'types', `${'long'.repeat(20)}`, '\u00e4', '$']);
  return Object.fromEntries(list(size, name.length + 10, (index) => [`${name}${index}`, value]));
}

function nestedJson(size: number, random: Random): string {
  const [open, inner, close] = random.pick([
    ['[', '1', ']'],
    ['{"a":', '1', '}'],
    ['[{"createdAt":', 'null', '}]'],
  ] as const);
  const levels = Math.ceil(size / (open.length + close.length));
  return `${open.repeat(levels)}${inner}${close.repeat(levels)}`;
}

function document(text: string): string {
  return JSON.stringify({ query: text });
}

const makers: Readonly<Record<string, Make>> = {
  'unknown names in a variable': (size, random) => asVariable(size, random, object(size, random)),
  'a list in a variable': (size, random) => {
    const value = random.pick(oddValues);
    return asVariable(
      size,
      random,
      list(size, 5, () => value),
    );
  },
  'a list in a filter': (size, random) => {
    const value = random.pick([...oddValues, ...oddTexts]);
    return asVariable(size, random, { [random.pick(filterFields)]: list(size, 8, () => value) });
  },
  'objects in a list': (size, random) =>
    asVariable(
      size,
      random,
      list(size, 200, () => object(150, random)),
    ),
  'a long text in a filter': (size, random) =>
    asVariable(size, random, { [random.pick(filterFields)]: longText(size, random) }),
  'a long text as a variable': (size, random) => asVariable(size, random, longText(size, random)),
  'a long name in a variable': (size, random) => asVariable(size, random, { [longText(size, random)]: 1 }),
  representations: (size, random) =>
    JSON.stringify({
      query: askedWith.entities,
      variables: {
        v: list(size, 50, (index) => ({
          __typename: random.pick(['Account', 'Balance', 'Transaction', 'Provider', 'Nobody', '']),
          [random.pick(['id', 'providerAccountId', 'code'])]: random.pick([index, 'x', 'WzEsIkEi', null]),
        })),
      },
    }),
  'unknown variables': (size, random) =>
    JSON.stringify({ query: '{ __typename }', variables: object(size, random) }),
  'deep values': (size, random) =>
    `{"query":${JSON.stringify(random.pick(Object.values(askedWith)))},"variables":{"v":${nestedJson(size, random)}}}`,
  'a long number': (size, random) => {
    void random;
    return `{"query":${JSON.stringify(askedWith.page)},"variables":{"v":${'1'.repeat(size)}}}`;
  },
  'other members of the body': (size, random) =>
    JSON.stringify({
      query: '{ __typename }',
      operationName: longText(size / 2, random),
      ...object(size / 2, random),
    }),
  extensions: (size, random) =>
    `{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":${nestedJson(size, random)}}}}`,
  'a long hash': (size, random) =>
    JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: longText(size, random) } } }),
  'no JSON': (size, random) =>
    random.pick(['[', '{', '{"a":', '"', '\\', 'null', '1', ',', ' ', '\u0000']).repeat(size).slice(0, size),
  'blanks and comments': (size, random) => {
    const blank = random.pick(['\n', ' ', ',', '#', '\t', '\r\n', '\ufeff', '# x\n']);
    return document(
      `${blank.repeat(size / blank.length)}\n${random.pick(['{ __typename }', '{ nope }', '{'])}`,
    );
  },
  'blanks before mistakes': (size, random) => {
    const mistake = random.pick(['a ', 'a(b: 1) ', '...f ', 'a @b ', '... on X { y } ']);
    return document(`${'\n'.repeat(Math.min(size, 45_000))}{ ${mistake.repeat(random.between(1, 300))} }`);
  },
  'a long name': (size, random) => {
    const name = random.pick(['a', 'A', '_', 'transaction']).repeat(size / 2);
    const forms = [`{ ${name} }`, `{ ${name}: __typename }`, `query ${name} { __typename }`, `{ ...${name} }`]
      .concat([
        `query ($v: ${name}) { __typename }`,
        `{ __typename @${name} }`,
        `{ accounts(${name}: 1) { totalCount } }`,
      ])
      .concat([
        `{ transactions(filter: { types: [${name}] }) { totalCount } }`,
        `query ($${name}: Int!) { accounts(first: $${name}) { totalCount } }`,
      ]);
    return document(random.pick(forms));
  },
  'a long literal': (size, random) => {
    const text = random.pick([
      `"${'A'.repeat(size)}"`,
      `"${'\\u0041'.repeat(size / 6)}"`,
      `"""${'\n A'.repeat(size / 3)}"""`,
    ]);
    const literal = random.pick([
      text,
      '1'.repeat(size),
      `1.${'0'.repeat(size)}`,
      `[${'1 '.repeat(size / 2)}]`,
    ]);
    const places = [`{ node(id: ${literal}) { id } }`, `{ accounts(first: ${literal}) { totalCount } }`];
    return document(
      random.pick([
        ...places,
        `{ transactions(filter: { createdAt: { from: ${literal} } }) { totalCount } }`,
      ]),
    );
  },
  'deep documents': (size, random) => {
    const [open, close] = random.pick([
      ['{a', '}'],
      ['...on Query{', '}'],
      ['a(b:[', '])'],
      ['[', ']'],
    ] as const);
    const levels = Math.ceil(size / (open.length + close.length));
    return document(`{ ${open.repeat(levels)} __typename ${close.repeat(levels)} }`);
  },
  'many selections': (size, random) => {
    const one = random.pick<(index: number) => string>([
      () => '__typename ',
      (index) => `a${index}: __typename `,
      (index) => `f${index} `,
      (index) => `a: ${index % 2 === 0 ? '__typename' : 'viewer'} `,
      () => '...on Query{__typename}',
      () => 'accounts{nodes{balances{nodes{id}}}} ',
    ]);
    return document(`{ ${list(size, 10, one).join('')} }`);
  },
  'many directives': (size, random) => {
    const one = random.pick([
      '@include(if: true) ',
      '@skip(if: false) ',
      '@nope ',
      '@deprecated ',
      '@nope(a: {b: [1]}) ',
    ]);
    return document(`{ __typename ${one.repeat(size / one.length)}}`);
  },
  'many operations': (size, random) => {
    const one = random.pick([
      '{a}',
      'query A{__typename}',
      'query A($a: Int){__typename}',
      'mutation{a}',
      'type A{b: C}',
    ]);
    return document(`${random.pick(['', '\n'.repeat(10_000)])}${one.repeat(size / one.length)}`);
  },
  'many fragments': (size, random) => {
    const count = Math.ceil(Math.min(size, 50_000) / 40);
    const after = random.pick([1, 2, 7]);
    const fragments = Array.from({ length: count }, (_, index) => {
      const next = random.pick([(index + after) % count, index + 1, index]);
      return `fragment f${index} on Query{${`...f${next} `.repeat(random.between(1, 3))}}`;
    });
    return document(`{...f0} ${fragments.join(' ')}`);
  },
  'many variables': (size, random) => {
    const one = random.pick(['Int', 'Int! ', '[[Int]]', 'Int = 1 ', 'AccountFilter = {a: 1} ', 'Nope ']);
    return document(`query(${list(size, 10, (index) => `$a${index}:${one}`).join(' ')}){__typename}`);
  },
};
