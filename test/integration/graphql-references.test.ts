// The subgraph as a router sees it: its SDL, and entities by each of their keys.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  GraphQLInputObjectType,
  GraphQLObjectType,
  isEnumType,
  isIntrospectionType,
  isSpecifiedScalarType,
} from 'graphql';
import { encodeAccountId, encodeBalanceId, encodeTransactionId } from '../../src/domain/global-id.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { at, type Executor, startExecutor } from '../support/execute.ts';
import {
  aBalance,
  anAccount,
  aTransaction,
  createFakeProvider,
  type FakeProvider,
  master,
  masterName,
  sub,
} from '../support/fake-provider.ts';

let provider: FakeProvider;
let executor: Executor;

beforeEach(async () => {
  provider = createFakeProvider();
  provider.connected.push(anAccount('a-1'));
  provider.balanceRecord.push(aBalance(sub('a-1'), 'BANKING', 'USD'));
  provider.transactionRecord.push(aTransaction(master, 'BANKING', 't-1', 1_000));
  executor = await startExecutor({ providers: [provider] });
});
afterEach(() => executor.stop());

const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on Provider { code } ... on Account { id name isMaster } ... on Balance { id currency }
  ... on Transaction { id providerTransactionId } } }`;

const ids = {
  account: encodeAccountId(sub('a-1')),
  balance: encodeBalanceId({
    account: sub('a-1'),
    ledger: 'BANKING',
    currency: 'USD',
    distinguishingId: null,
  }),
  transaction: encodeTransactionId({
    account: master,
    ledger: 'BANKING',
    createdSecond: 1_000,
    hasFraction: false,
    providerTransactionId: 't-1',
    distinguishingId: null,
  }),
};

test('entities are found by each key, in one batch that shares calls', async () => {
  const { data, errors, calls } = await executor.run(entities, {
    representations: [
      { __typename: 'Provider', code: 'UQPAY' },
      { __typename: 'Account', id: ids.account },
      { __typename: 'Account', providerCode: 'UQPAY', providerAccountId: 'a-1' },
      { __typename: 'Account', providerCode: 'UQPAY', providerAccountId: masterName },
      { __typename: 'Balance', id: ids.balance },
      { __typename: 'Transaction', id: ids.transaction },
    ],
  });
  expect(errors).toEqual([]);
  const account = { __typename: 'Account', id: ids.account, name: 'Account a-1', isMaster: false };
  expect(at(data, '_entities')).toEqual([
    { __typename: 'Provider', code: 'UQPAY' },
    account,
    account,
    { __typename: 'Account', id: encodeAccountId(master), name: 'Account master', isMaster: true },
    { __typename: 'Balance', id: ids.balance, currency: 'USD' },
    { __typename: 'Transaction', id: ids.transaction, providerTransactionId: 't-1' },
  ]);
  expect(calls).toBe(3);
});

test('entities that do not exist are null; invalid references are separate errors', async () => {
  const { data, errors } = await executor.run(entities, {
    representations: [
      { __typename: 'Provider', code: 'NOAH' },
      { __typename: 'Provider' },
      { __typename: 'Account', id: encodeAccountId(sub('nobody')) },
      { __typename: 'Account', providerCode: 'UQPAY', providerAccountId: 'nobody' },
      { __typename: 'Account', providerCode: 'UQPAY', providerAccountId: 'a\r\nx-evil: 1' },
      { __typename: 'Account', providerCode: 'ACME', providerAccountId: 'a-1' },
      { __typename: 'Balance', id: 5 },
      { __typename: 'Transaction', id: ids.balance },
      { __typename: 'Balance', id: ids.balance },
    ],
  });
  expect(at(data, '_entities')).toEqual([
    ...Array.from({ length: 8 }, () => null),
    { __typename: 'Balance', id: ids.balance, currency: 'USD' },
  ]);
  expect(errors.map((error) => [error.path?.join('.'), error.extensions?.code])).toEqual([
    ['_entities.6', 'BAD_USER_INPUT'],
    ['_entities.7', 'BAD_USER_INPUT'],
  ]);
});

describe('the schema', () => {
  const schema = createSchema();
  const ownTypes = Object.values(schema.getTypeMap()).filter(
    (type) =>
      !type.name.startsWith('_') &&
      !type.name.includes('__') &&
      !isIntrospectionType(type) &&
      !isSpecifiedScalarType(type),
  );

  test('is printed for routers with its federation link and directives', async () => {
    const { data } = await executor.run('{ _service { sdl } }');
    const sdl = at(data, '_service', 'sdl');
    expect(sdl).toContain('https://specs.apollo.dev/federation/v2.9');
    expect(sdl).toContain('@key(fields: "providerCode providerAccountId")');
    expect(sdl).toContain('@listSize(');
  });

  test('describes every type, field, argument and value', () => {
    const silent: string[] = [];
    const note = (name: string, description: string | null | undefined) => {
      if (description == null || description === '') silent.push(name);
    };
    for (const type of ownTypes) {
      if (type.name === 'Query') continue;
      note(type.name, type.description);
      if (isEnumType(type))
        for (const value of type.getValues()) note(`${type.name}.${value.name}`, value.description);
      if (!(type instanceof GraphQLObjectType || type instanceof GraphQLInputObjectType)) continue;
      for (const field of Object.values(type.getFields())) {
        note(`${type.name}.${field.name}`, field.description);
        if (!('args' in field)) continue;
        for (const argument of field.args)
          note(`${type.name}.${field.name}(${argument.name})`, argument.description);
      }
    }
    expect(silent.filter((name) => !name.startsWith('FieldSet'))).toEqual([]);
  });

  test('cannot move money', () => {
    expect(schema.getMutationType()).toBeUndefined();
    // Subscriptions only report changes.
    expect(Object.keys(schema.getSubscriptionType()?.getFields() ?? {})).toEqual([
      'balancesChanged',
      'transactionsChanged',
    ]);
  });
});

test.each([
  ['an unknown type', { __typename: 'Nope' }],
  ['a type that is no entity', { __typename: 'Money' }],
  ['no type', {}],
  ['no object', 'x'],
])('a representation of %s is the caller’s mistake, whatever precedes it', async (_name, representation) => {
  const { data, errors } = await executor.run(entities, {
    representations: [{ __typename: 'Balance', id: 'malformed' }, representation],
  });
  expect(data?._entities ?? null).toBeNull();
  expect(errors).toMatchObject([
    {
      message: expect.stringMatching(/^Argument "representations": entry 1 must be an object/),
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
});
