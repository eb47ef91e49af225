import { expect, test } from '@jest/globals';
import { instantText, parseInstant } from '../../../src/domain/instant.ts';
import { bucketIndexOf, bucketWidths, type TimeSpan, toBuckets } from '../../../src/domain/time-buckets.ts';
import { createTimeZone, parseTimeZone } from '../../../src/domain/time-zone.ts';
import fc from '../../support/fast-check.ts';

function span(from: string, to: string): TimeSpan {
  const [start, end] = [parseInstant(from), parseInstant(to)];
  if (start === null || end === null) throw new Error('no time');
  return { from: start, to: end };
}

function edges(from: string, to: string, width: (typeof bucketWidths)[number], zone: string) {
  return toBuckets(span(from, to), width, zone)?.map((bucket) => instantText(bucket.from));
}

test('a day that the zone skips has no bucket', () => {
  expect(edges('2011-12-28T10:00:00Z', '2012-01-01T10:00:00Z', 'DAY', 'Pacific/Apia')).toEqual([
    '2011-12-28T10:00:00Z',
    '2011-12-29T10:00:00Z',
    '2011-12-30T10:00:00Z',
    '2011-12-31T10:00:00Z',
  ]);
});

test('a day whose midnight is skipped begins when the clock changes', () => {
  expect(edges('2018-11-03T03:00:00Z', '2018-11-06T02:00:00Z', 'DAY', 'America/Sao_Paulo')).toEqual([
    '2018-11-03T03:00:00Z',
    '2018-11-04T03:00:00Z',
    '2018-11-05T02:00:00Z',
  ]);
});

test('an hour that occurs twice has two buckets', () => {
  expect(edges('2026-10-25T00:00:00Z', '2026-10-25T03:00:00Z', 'HOUR', 'Europe/Berlin')).toEqual([
    '2026-10-25T00:00:00Z',
    '2026-10-25T01:00:00Z',
    '2026-10-25T02:00:00Z',
  ]);
});

test('weeks begin on Monday, months on the first', () => {
  expect(edges('2026-01-15T00:00:00Z', '2026-02-01T00:00:00Z', 'WEEK', 'Asia/Singapore')).toEqual([
    '2026-01-15T00:00:00Z',
    '2026-01-18T16:00:00Z',
    '2026-01-25T16:00:00Z',
  ]);
  expect(edges('2026-01-31T18:15:00Z', '2026-03-31T18:15:00Z', 'MONTH', 'Asia/Kathmandu')).toEqual([
    '2026-01-31T18:15:00Z',
    '2026-02-28T18:15:00Z',
  ]);
});

test('offsets and unknown names are not zones', () => {
  expect(['+08:00', 'Mars/Olympus', '', 'UTC', 'asia/singapore'].map(parseTimeZone)).toEqual([
    null,
    null,
    null,
    'UTC',
    'Asia/Singapore',
  ]);
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
];

test('buckets cover a window without gaps, and each instant is in the bucket of its local date', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_200_000_000, max: 2_000_000_000 }),
      fc.integer({ min: 1, max: 40 * 86_400 }),
      fc.constantFrom(...zones),
      fc.constantFrom(...bucketWidths),
      (second, length, zoneName, width) => {
        const window = { from: { second, nano: 5 }, to: { second: second + length, nano: 0 } };
        const buckets = toBuckets(window, width, zoneName) ?? [];
        expect(buckets[0]?.from).toEqual(window.from);
        expect(buckets.at(-1)?.to).toEqual(window.to);
        const zone = createTimeZone(zoneName);
        const dayOf = (at: number) => Math.floor(zone.toLocal(at) / 86_400);
        for (const [index, bucket] of buckets.entries()) {
          if (index > 0) expect(bucket.from).toEqual(buckets[index - 1]?.to);
          expect(bucketIndexOf(buckets, bucket.from)).toBe(index);
          expect(bucketIndexOf(buckets, { second: bucket.to.second - 1, nano: 999_999_999 })).toBe(index);
          if (width === 'DAY') expect(dayOf(bucket.to.second - 1)).toBe(dayOf(bucket.from.second));
        }
      },
    ),
    { numRuns: 60 },
  );
});
