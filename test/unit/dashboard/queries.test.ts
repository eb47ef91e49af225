// The dashboard is a client of the public schema: its queries and choices must match it.
import { expect, test } from '@jest/globals';
import { type GraphQLEnumType, parse, validate } from 'graphql';
import * as activity from '../../../src/dashboard/page/activity-query.ts';
import * as history from '../../../src/dashboard/page/history-query.ts';
import * as queries from '../../../src/dashboard/page/queries.ts';
import * as totals from '../../../src/dashboard/page/totals-query.ts';
import {
  ledgers,
  transactionDirections,
  transactionStatuses,
  transactionTypes,
} from '../../../src/dashboard/page/words.ts';
import { createSchema } from '../../../src/graphql/schema.ts';

const schema = createSchema();
const operations = Object.entries({ ...queries, ...totals, ...activity, ...history }).flatMap(
  ([name, value]) => ('text' in value ? [[name, value.text] as const] : []),
);

test.each(operations)('%s is valid', (_name, text) => {
  expect(validate(schema, parse(text))).toEqual([]);
});

test.each([
  ['Ledger', ledgers],
  ['TransactionStatus', transactionStatuses],
  ['TransactionDirection', transactionDirections],
  ['TransactionType', transactionTypes],
])('the filters offer every value of %s', (name, offered) => {
  const type = schema.getType(name) as GraphQLEnumType;
  const values = type.getValues().map((value) => value.name);
  expect([...offered].sort()).toEqual(values.filter((value) => value !== 'UNRECOGNIZED').sort());
});
