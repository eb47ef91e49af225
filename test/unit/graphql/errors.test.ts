import { expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { Failure, type FailureCode } from '../../../src/domain/failure.ts';
import { statusWithoutData } from '../../../src/graphql/errors.ts';

const ofFailure = (code: FailureCode, retryable?: boolean) =>
  statusWithoutData(
    new GraphQLError('located', {
      path: ['balancesChanged'],
      originalError: new Failure(code, 'why', retryable === undefined ? {} : { retryable }),
    }),
  );

test('the status of an answer without data shows whose mistake it is, and whether a retry may help', () => {
  expect(ofFailure('UPSTREAM_TIMEOUT')).toBe(503);
  expect(ofFailure('UPSTREAM_AUTH')).toBe(502);
  expect(ofFailure('UPSTREAM_AUTH', true)).toBe(503);
  expect(ofFailure('ACCOUNT_OUT_OF_SCOPE')).toBeNull();
  const bug = new GraphQLError('located', {
    path: ['balancesChanged'],
    originalError: new TypeError('a bug'),
  });
  expect(statusWithoutData(bug)).toBe(500);
  expect(statusWithoutData(new GraphQLError('Unknown operation.'))).toBeNull();
});
