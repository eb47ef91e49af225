// `npm run garbage [-- off|on] [W1,W4]`: the garbage that an answer leaves, with the cache off (the default) or on.
// Nothing of a request should outlive its answer: V8 copies whatever survives, which takes CPU.
import { toContender } from './harness/contenders.ts';
import { findCursors } from './harness/find-cursors.ts';
import { askGateway, runLoad } from './harness/load.ts';
import { memorySettings, startGateway, startUpstream, stopAll } from './harness/processes.ts';
import { loadOf } from './harness/rounds.ts';
import { workloads } from './workloads.ts';

const [memory = 'off', names] = process.argv.slice(2);
const asked = workloads.filter(({ name }) => names?.split(',').includes(name) !== false);
if (!(memory === 'off' || memory === 'on') || asked.length === 0) {
  throw new Error(`Say off or on, then workloads (${workloads.map(({ name }) => name).join(', ')}).`);
}
const warmUpMs = 5_000;
const durationMs = 5_000;

/** The value of a member in a line of V8's `--trace-gc-nvp`. */
function numberOf(line: string, member: string): number {
  return Number(new RegExp(` ${member}=([\\d.]+)`).exec(line)?.[1] ?? '0');
}

const columns = [
  'Workload',
  'Allocated, KB',
  'Survived, KB',
  'GC in the main thread, us',
  'in other threads, us',
  'CPU, us',
];
process.stdout.write(`| ${columns.join(' | ')} |\n| --- |${' ---: |'.repeat(columns.length - 1)}\n`);
try {
  const upstream = await startUpstream();
  for (const workload of asked) {
    // A new process for each, so that none has leftovers of the previous one.
    let printed = '';
    const server = await startGateway(upstream.url, memorySettings[memory], undefined, {
      nodeOptions: ['--trace-gc-nvp'],
      onPrinted(text) {
        printed += text;
      },
    });
    const asking = askGateway(await findCursors(server));
    const gateway = toContender('gateway', server, asking, memory === 'off');
    const load = await loadOf(workload, gateway, durationMs);
    await runLoad({ ...load, durationMs: warmUpMs });
    const before = await server.usage();
    printed = '';
    const { answerCount } = await runLoad(load);
    const after = await server.usage();
    const scavenges = printed.split('\n').filter((line) => / gc=s /.test(line));
    const sumOf = (...members: string[]) =>
      scavenges.reduce(
        (sum, line) => members.reduce((part, member) => part + numberOf(line, member), sum),
        0,
      );
    const figures = [
      sumOf('allocated') / 1_024,
      sumOf('promoted', 'new_space_survived') / 1_024,
      sumOf('pause') * 1_000,
      sumOf('background\\.scavenge\\.parallel') * 1_000,
      after.cpuUs - before.cpuUs,
    ];
    const cells = figures.map((figure) => (figure / answerCount).toFixed(1));
    process.stdout.write(`| ${workload.name} | ${cells.join(' | ')} |\n`);
    await gateway.pool.close();
    await server.stop();
  }
} finally {
  await stopAll();
}
