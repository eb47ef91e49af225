import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { openOperationCompiler } from '../../../src/app/operation-compiler.ts';

const log = { error: () => {} };

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('is loaded some time after it was requested, and not before', async () => {
  const compiler = openOperationCompiler({ compiledExecution: true }, log);
  compiler.loadSoon();
  expect(compiler.current()).toBeNull();
  jest.runAllTimers();
  expect(compiler.current()).toBeNull();
  // Closing waits for a load in progress.
  await compiler.close();
  expect(compiler.current()).not.toBeNull();
});

test('is not loaded if nothing is to be compiled, or after closing', async () => {
  for (const [compiledExecution, isClosed] of [
    [false, false],
    [true, true],
  ] as const) {
    const compiler = openOperationCompiler({ compiledExecution }, log);
    compiler.loadSoon();
    if (isClosed) await compiler.close();
    jest.runAllTimers();
    await compiler.close();
    expect(compiler.current()).toBeNull();
  }
});
