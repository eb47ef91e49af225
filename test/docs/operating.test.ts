// docs/operating.md must match the metrics it lists.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { UpstreamReport } from '../../src/ports/upstream-report.ts';
import { createMetrics } from '../../src/telemetry/metrics/index.ts';

const paper = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');

const report: UpstreamReport = {
  circuits: [{ provider: 'UQPAY', routes: 'accounts', state: 'CLOSED' }],
  budgets: [
    { provider: 'UQPAY', purpose: 'read', callsPerMinute: 2, callsLeft: 1, waiting: 0, pausedUntilMs: null },
  ],
  tokens: [{ provider: 'UQPAY', issuedAtMs: 0, expiresAtMs: 1 }],
  cache: { reads: 1, bytes: 1 },
  redis: { isUsed: true },
};

/** Metrics that have each been counted once, so that all have labels. */
async function readAll(): Promise<string> {
  const metrics = createMetrics(true, '1.2.3');
  metrics.watchUpstream(
    () => report,
    () => 0,
  );
  metrics.watchAdmission(() => ({
    operations: { running: 1, units: 2, unitsMax: 64, waiting: 0 },
    ...{ answerBytes: 0, bodyBytes: 0, memoryUsed: 0.2 },
    refused: { CALLER: 1, QUEUE: 0, WAIT: 0, BODY: 0 },
  }));
  metrics.watchLive({ streams: () => ({ open: 1, events: 1 }), watchedLists: () => 1 });
  metrics.watchWebhooks(() => [{ provider: 'UQPAY', outcome: 'TAKEN', count: 1 }]);
  metrics.watchHistory(() => ({ written: 1, dropped: 0, failed: 0, waiting: 0 }));
  const { requests, upstream, redis } = metrics;
  requests.started();
  requests.ended({
    requestId: 'r',
    method: 'POST',
    route: '/graphql',
    status: 200,
    durationMs: 1,
    operation: {
      name: null,
      label: 'anonymous',
      type: 'query',
      outcome: 'COMPLETE',
      codes: [],
      upstreamCalls: 1,
      caller: 'dashboard',
      oldestReadMs: 1,
      isRepeated: true,
    },
  });
  upstream.called({ provider: 'UQPAY', kind: 'balances', ledger: null }, 'OK', 1);
  upstream.sent('UQPAY', 1);
  upstream.used('UQPAY', 'balances', 'MEMORY');
  upstream.waited('UQPAY', 1);
  upstream.refused('UQPAY', 'UPSTREAM_RATE_LIMITED');
  redis?.commanded(1, 'SLOW');
  redis?.skipped();
  return (await metrics.read()).text;
}

test('the table of metrics has each one with its kind and its labels, and no other', async () => {
  const text = await readAll();
  const kinds = [...text.matchAll(/^# TYPE (balances_gateway_\w+) (\w+)$/gm)];
  const known = kinds.map(([, name = '', kind]) => {
    const sample = new RegExp(`^${name}(?:_bucket|_sum|_count)?(?:\\{(.*)\\})? `, 'm').exec(text);
    const labels = [...(sample?.[1] ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label);
    return `${name} ${kind} ${labels.filter((label) => label !== 'le').join(', ')}`.trim();
  });
  const rows = paper.split('\n').filter((line) => line.startsWith('| `balances_gateway_'));
  const listed = rows.map((row) => {
    const [, name, kind, labels] = row.split('|').map((cell) => cell.replaceAll('`', '').trim());
    return `${name} ${kind} ${labels}`.trim();
  });
  expect(known.length).toBeGreaterThan(20);
  expect(listed.sort()).toEqual(known.sort());
});
