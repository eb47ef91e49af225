// `npm run bench`: how close the gateway comes to a bare server that makes the same upstream calls.
//   node bench/run.ts [--quick] [--only W1,W4] [--scenario "no memory"] [--write] [--peers]
// --quick measures less; --write puts the tables into docs/performance.md; --peers compares the gateway with other
// servers, and does nothing else.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openField } from './harness/contenders.ts';
import { type FirstAnswer, measureFirstAnswer } from './harness/first-answer.ts';
import { toPeerReport } from './harness/peer-report.ts';
import { startPeers } from './harness/peers.ts';
import { toReport } from './harness/report.ts';
import { type Measured, measure, type Pace, peerScenarios, scenarios } from './harness/rounds.ts';
import { workloads } from './workloads.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    scenario: { type: 'string' },
    write: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
  },
});
const pace: Pace = options.quick
  ? { roundCount: 3, roundMs: 400, warmUpMs: 600 }
  : // V8 compiles the gateway's many functions for some seconds more than those of a bare server.
    { roundCount: 5, roundMs: 700, warmUpMs: 4_000 };
const names = options.only?.split(',');
const page = join(import.meta.dirname, '../docs/performance.md');

// Read first, so that a page without its markers fails now and not after many minutes.
const text = options.write ? readFileSync(page, 'utf8') : null;
if (text !== null) withBlock(text, '');

const results = await measureAll();
const report = options.peers
  ? toPeerReport(results.measured)
  : toReport(results.measured, results.firstAnswer);
process.stdout.write(`${report}\n`);
if (text !== null) writeFileSync(page, withBlock(text, report));

async function measureAll(): Promise<{ measured: Measured[]; firstAnswer: FirstAnswer | null }> {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'bench-'));
  const field = await openField(options.peers ? startPeers : undefined);
  try {
    const measured: Measured[] = [];
    for (const scenario of options.peers ? peerScenarios : scenarios) {
      if (options.scenario !== undefined && options.scenario !== scenario.name) continue;
      for (const workload of workloads) {
        if (names?.includes(workload.name) === false) continue;
        process.stderr.write(`${scenario.name}, ${workload.name} ...\n`);
        measured.push(await measure(workload, scenario, field, pace));
      }
    }
    const isWhole = names === undefined && options.scenario === undefined && !options.peers;
    const startCount = options.quick ? 3 : 7;
    const firstAnswer = isWhole ? await measureFirstAnswer(field.upstream, startCount, cacheFolder) : null;
    return { measured, firstAnswer };
  } finally {
    await field.close();
    rmSync(cacheFolder, { recursive: true });
  }
}

/** The page with the tables inserted between their two markers. */
function withBlock(text: string, block: string): string {
  const command = options.peers ? 'npm run bench -- --peers --write' : 'npm run bench -- --write';
  const [start, end] = [`<!-- bench: tables of ${command} -->`, '<!-- bench: end -->'];
  const from = text.indexOf(start);
  const to = text.indexOf(end, Math.max(0, from));
  if (from < 0 || to < from) throw new Error(`${page} has no block from "${start}" to "${end}".`);
  return `${text.slice(0, from)}${start}\n\n${block}\n${text.slice(to)}`;
}
