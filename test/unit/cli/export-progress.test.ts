import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createProgressLine } from '../../../src/cli/export-progress.ts';

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  jest.useRealTimers();
});

function open(isTTY: boolean) {
  const written: string[] = [];
  const line = createProgressLine({ isTTY, write: (text) => written.push(text) }, Date.now);
  return { written, line };
}

test('a terminal shows rows, share, calls and rate every few seconds, and once more at the end', () => {
  const { written, line } = open(true);
  line.start();
  line.tell({ rows: 12_300, rowCount: 40_000, calls: 123 });
  line.count(12_300, 40_000);
  expect(written).toEqual([]);
  jest.advanceTimersByTime(2_000);
  line.count(40_000, 40_000);
  line.tell({ rows: 40_000, rowCount: 40_000, calls: 1_400 });
  jest.advanceTimersByTime(500);
  line.stop();
  jest.advanceTimersByTime(10_000);
  expect(written).toEqual([
    '\r12,300 of 40,000 rows (30 %), 123 calls, 6,150 rows/s\u001b[K',
    '\r40,000 of 40,000 rows (100 %), 1,400 calls, 16,000 rows/s\u001b[K',
    '\n',
  ]);
});

test('unknown figures are left out', () => {
  const { written, line } = open(true);
  line.start();
  line.count(100, null);
  jest.advanceTimersByTime(2_000);
  expect(written).toEqual(['\r100 rows, 50 rows/s\u001b[K']);
  line.stop();
});

test('a pipe gets nothing', () => {
  const { written, line } = open(false);
  line.start();
  line.count(100, 200);
  jest.advanceTimersByTime(10_000);
  line.stop();
  expect(written).toEqual([]);
});
