// `npm run soak [-- minutes]`: does the gateway's memory stay flat? Ten minutes (or as many as are given) at full load:
// all workloads in turn, and for every other request a new document and a new time range, so that anything kept per
// request would grow. Samples are taken after a forced garbage collection.
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, askGateway, openPool, type Question, toPost } from './harness/load.ts';
import type { Usage } from './harness/probe.ts';
import { startGateway, startUpstream, stopAll } from './harness/processes.ts';
import { median } from './harness/rounds.ts';
import { laneCountMax, noCursors, workloads } from './workloads.ts';

const minutes = Math.min(60, Number(process.argv[2] ?? '10'));
const sampleCount = 30;
const mebibyte = 2 ** 20;
const secondsWithRows = 300_000;
/** Largest growth from the second third of the samples to the last that counts as flat. */
const growthMax = 1.05;
/** Growth below this is the normal noise of a heap in use. */
const noiseBytes = 4 * mebibyte;

try {
  const upstream = await startUpstream();
  // A small cache, so that it is full within the first third.
  const gateway = await startGateway(upstream.url, { MEMORY_MAX_BYTES: String(16 * mebibyte) });
  const pool = openPool(gateway.url, laneCountMax);
  const startMs = Date.now();
  const endMs = startMs + minutes * 60_000;
  let answerCount = 0;
  const lanes = Array.from({ length: laneCountMax }, async (_, lane) => {
    for (let turn = 0; Date.now() < endMs; turn++) {
      const text = await ask(pool, questionAt(lane, turn));
      if (text.includes('"errors"')) throw new Error(`An answer has errors: ${text.slice(0, 500)}`);
      answerCount += 1;
    }
  });
  const ended = Promise.all(lanes);
  const samples: Usage[] = [];
  process.stdout.write('| Minute | Answers | Heap used | Resident |\n| ---: | ---: | ---: | ---: |\n');
  for (let sample = 1; sample <= sampleCount; sample++) {
    // By the clock, because a busy process may report its usage late.
    const dueMs = startMs + (sample * minutes * 60_000) / sampleCount;
    await Promise.race([sleep(Math.max(0, dueMs - Date.now())), ended]);
    const usage = await gateway.usage(true);
    samples.push(usage);
    const cells = [((sample * minutes) / sampleCount).toFixed(1), answerCount, inMiB(usage.heapUsedBytes)];
    process.stdout.write(`| ${[...cells, inMiB(usage.rssBytes)].join(' | ')} |\n`);
  }
  await ended;
  await pool.close();
  const isFlat = [judge('Heap used', samples, 'heapUsedBytes'), judge('Resident', samples, 'rssBytes')];
  if (!isFlat.every(Boolean)) process.exitCode = 1;
} finally {
  await stopAll();
}

function questionAt(lane: number, turn: number): Question {
  const asking = askGateway(noCursors);
  const workload = workloads[turn % workloads.length];
  if (turn % 2 === 0 && workload !== undefined) return asking(workload, lane);
  // Back through the seconds in which the list has rows, then through them again a millisecond later.
  const number = turn * laneCountMax + lane;
  const beforeMs = (number % secondsWithRows) * 1_000 - Math.floor(number / secondsWithRows);
  const to = new Date(Date.UTC(2026, 3, 30) - beforeMs).toISOString();
  return toPost(
    `query Ever_${lane}_${turn}($to: DateTime) {
      transactions(first: 20, filter: { ledgers: [BANKING], createdAt: { to: $to } }) {
        edges { cursor node { id amount { amount } } }
      }
    }`,
    { to },
  );
}

/** Compares the medians of the second and the last third; the first is for warming up. */
function judge(name: string, samples: readonly Usage[], member: 'heapUsedBytes' | 'rssBytes'): boolean {
  const third = Math.floor(samples.length / 3);
  const values = samples.map((sample) => sample[member]);
  const [middle, last] = [median(values.slice(third, 2 * third)), median(values.slice(2 * third))];
  const isFlat = last <= Math.max(middle * growthMax, middle + noiseBytes);
  process.stdout.write(
    `${name}: ${inMiB(middle)} in the second third, ${inMiB(last)} in the last: ${isFlat ? 'flat' : 'GROWING'}\n`,
  );
  return isFlat;
}

function inMiB(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}
