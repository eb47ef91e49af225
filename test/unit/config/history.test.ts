import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/config/load-config.ts';
import { problemsOf } from './problems-of.ts';

test('readings are stored where HISTORY_URL says, and samples are accounts, ledgers and an interval', () => {
  const { history } = loadConfig({
    HISTORY_URL: 'sqlite:./balances.db',
    HISTORY_SAMPLE: 'UQPAY/*:BANKING,ISSUING every 15m; NOAH/master every 1h',
  });
  expect(history).toMatchObject({ url: 'sqlite:./balances.db', days: 400 });
  expect(history?.samples.map(({ ledgers, everyMs }) => [ledgers, everyMs])).toEqual([
    [['BANKING', 'ISSUING'], 900_000],
    [null, 3_600_000],
  ]);
});

test.each([
  { HISTORY_URL: 'mysql://host/database' },
  { HISTORY_URL: 'sqlite:' },
  { HISTORY_URL: 'sqlite:x', HISTORY_DAYS: '0' },
  { HISTORY_URL: 'sqlite:x', HISTORY_SAMPLE: 'UQPAY/* every 1s' },
  { HISTORY_URL: 'sqlite:x', HISTORY_SAMPLE: 'UQPAY/*:FUNDS every 15m' },
  { HISTORY_SAMPLE: 'UQPAY/* every 15m' },
])('what cannot be used is refused at start: %p', (env) => {
  expect(Object.keys(problemsOf(env))).toHaveLength(1);
});
