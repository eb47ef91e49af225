// `npm run bench:against -- <folder> [off|on] [W1,W4]`: this checkout's gateway against the one of another folder, in
// turn, with the cache off (the default) or on. Shows what a change gains.
import { openGateway } from './harness/contenders.ts';
import { runLoad } from './harness/load.ts';
import { startUpstream, stopAll } from './harness/processes.ts';
import { type Figures, loadOf, measureRound, median } from './harness/rounds.ts';
import { workloads } from './workloads.ts';

const [folder, memory = 'off', names] = process.argv.slice(2);
if (folder === undefined || !(memory === 'off' || memory === 'on')) {
  throw new Error('Name the folder of another checkout, then off or on.');
}
const roundCount = 12;
const roundMs = 500;

const upstream = await startUpstream();
try {
  const other = await openGateway(upstream, memory, folder);
  const own = await openGateway(upstream, memory);
  process.stdout.write('CPU per answer and answers a second, here to there\n');
  for (const workload of workloads) {
    if (names?.split(',').includes(workload.name) === false) continue;
    const pairs = [];
    for (const contender of [other, own]) {
      pairs.push({ contender, load: await loadOf(workload, contender, roundMs) });
    }
    for (const { load } of pairs) await runLoad({ ...load, durationMs: 1_500 });
    const rounds: Figures[][] = [];
    for (let round = 0; round < roundCount; round++) {
      const figures: Figures[] = [];
      for (const { contender, load } of pairs) figures.push(await measureRound(contender, load, upstream));
      rounds.push(figures);
    }
    const ratio = (figure: keyof Figures) =>
      median(rounds.map(([there, here]) => (here?.[figure] ?? NaN) / (there?.[figure] ?? NaN))).toFixed(2);
    // Other load on the machine only adds to it.
    const leastMs = (index: number) =>
      Math.min(...rounds.map((round) => round[index]?.cpuMsPerAnswer ?? Number.NaN));
    process.stdout.write(
      `${workload.name}: CPU x ${ratio('cpuMsPerAnswer')}, least x ${(leastMs(1) / leastMs(0)).toFixed(2)} (${leastMs(1).toFixed(3)} ms here), answers/s x ${ratio('answersPerSecond')}\n`,
    );
  }
  await Promise.all([other.pool.close(), own.pool.close()]);
} finally {
  await stopAll();
}
