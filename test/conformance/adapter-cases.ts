import { expect } from '@jest/globals';
import { aReadContext } from '../support/read-context.ts';
import { type ConformanceCase, failureOf, masterOf, readBalances } from './cases.ts';
import type { AdapterSubject, Trouble } from './subject.ts';

/** A persistent problem: its name, and the most attempts allowed. */
function lasting(
  id: string,
  kind: Trouble,
  code: string,
  callCount: number,
): ConformanceCase<AdapterSubject> {
  return {
    id,
    says: `${kind} all the time is ${code} after ${callCount} calls, and shows neither secret nor body`,
    async run(subject) {
      const { provider } = subject;
      subject.setBalance('USD', '1234.56');
      subject.trouble(kind);
      const failure = await failureOf(readBalances(provider));
      expect(failure).toMatchObject({
        code,
        details: { provider: provider.code, ledger: provider.ledgers[0] },
      });
      expect(subject.dataCallCount()).toBe(callCount);
      expect(subject.tokenCount()).toBeLessThanOrEqual(1);
      const shown = JSON.stringify([failure.message, failure.details, String(failure)]);
      for (const secret of [...subject.secrets, '1234.56', '<html', 'injected'])
        expect(shown).not.toContain(secret);
    },
  };
}

/** Promises of adapters that call an upstream. */
export const adapterCases: readonly ConformanceCase<AdapterSubject>[] = [
  lasting('WIRE-001', '500', 'UPSTREAM_UNAVAILABLE', 3),
  lasting('WIRE-002', '429', 'UPSTREAM_RATE_LIMITED', 3),
  lasting('WIRE-003', '400', 'UPSTREAM_REJECTED', 1),
  lasting('WIRE-004', 'reset', 'UPSTREAM_UNAVAILABLE', 3),
  lasting('WIRE-005', 'html', 'UPSTREAM_SHAPE', 1),
  lasting('WIRE-006', 'truncated', 'UPSTREAM_SHAPE', 3),
  {
    id: 'WIRE-007',
    says: 'a trouble that passes costs one more call and nothing else',
    async run(subject) {
      subject.setBalance('USD', '7.70');
      for (const kind of ['500', '429', 'reset', 'truncated'] as const) {
        const before = subject.dataCallCount();
        subject.trouble(kind, 1);
        expect((await readBalances(subject.provider))[0]?.available?.amount).toBe('7.70');
        expect(subject.dataCallCount() - before).toBe(2);
      }
    },
  },
  {
    id: 'WIRE-008',
    says: 'a hundred reads at once share one token',
    async run(subject) {
      subject.setBalance('USD', '7.70');
      const lists = await Promise.all(Array.from({ length: 100 }, () => readBalances(subject.provider)));
      expect(lists.every((rows) => rows[0]?.available?.amount === '7.70')).toBe(true);
      expect(subject.tokenCount()).toBeLessThanOrEqual(1);
    },
  },
  {
    id: 'WIRE-009',
    says: 'a caller who has gone costs no call',
    async run(subject) {
      const context = aReadContext({ signal: AbortSignal.abort() });
      const failure = await failureOf(readBalances(subject.provider, masterOf(subject.provider), context));
      expect(failure.code).toBe('CANCELLED');
      expect(subject.dataCallCount()).toBe(0);
    },
  },
  {
    id: 'WIRE-010',
    says: 'one list that fails leaves the next one alone',
    async run(subject) {
      subject.setBalance('USD', '7.70');
      subject.trouble('400', 1);
      await failureOf(readBalances(subject.provider));
      expect(await readBalances(subject.provider)).toHaveLength(1);
    },
  },
  lasting('WIRE-011', 'a page with 401', 'UPSTREAM_UNAVAILABLE', 3),
  lasting('WIRE-012', 'a page with 403', 'UPSTREAM_UNAVAILABLE', 3),
  lasting('WIRE-013', 'a page with 200', 'UPSTREAM_UNAVAILABLE', 3),
  lasting('WIRE-014', 'foreign JSON with 403', 'UPSTREAM_UNAVAILABLE', 3),
  lasting('WIRE-015', 'words with 403', 'UPSTREAM_UNAVAILABLE', 3),
  lasting('WIRE-016', 'a page with 403 that says when to come back', 'UPSTREAM_RATE_LIMITED', 3),
  lasting('WIRE-017', 'a redirect', 'UPSTREAM_REJECTED', 1),
  lasting('WIRE-018', 'HTTP 204', 'UPSTREAM_SHAPE', 1),
  lasting('WIRE-019', 'no body', 'UPSTREAM_SHAPE', 3),
  lasting('WIRE-020', 'a body that is cut', 'UPSTREAM_UNAVAILABLE', 3),
  lasting('WIRE-021', 'GBK that is not declared', 'UPSTREAM_SHAPE', 1),
  {
    id: 'WIRE-022',
    says: 'the data is the data in any encoding and of any type that is said of it',
    async run(subject) {
      subject.setBalance('USD', '7.70');
      for (const kind of [
        ...(['JSON as text/plain', 'JSON without a type', 'a byte order mark'] as const),
        ...(['GBK that is declared', 'Latin-1 that is declared', 'UTF-16 that is declared'] as const),
      ]) {
        const before = subject.dataCallCount();
        subject.trouble(kind, 1);
        expect((await readBalances(subject.provider))[0]?.available?.amount).toBe('7.70');
        expect(subject.dataCallCount() - before).toBe(1);
      }
    },
  },
  {
    id: 'WIRE-023',
    says: 'a page that passes costs one more call, and no token',
    async run(subject) {
      subject.setBalance('USD', '7.70');
      for (const kind of ['a page with 401', 'a page with 403', 'a page with 200'] as const) {
        const before = subject.dataCallCount();
        subject.trouble(kind, 1);
        expect((await readBalances(subject.provider))[0]?.available?.amount).toBe('7.70');
        expect(subject.dataCallCount() - before).toBe(2);
      }
      expect(subject.tokenCount()).toBeLessThanOrEqual(1);
    },
  },
];
