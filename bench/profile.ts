// `npm run profile -- W4 [off|on] [seconds]`: where the gateway spends its time under one workload, with its cache
// off (the default) or on: the share of each package and folder, the functions with most self time, and the
// .cpuprofile file to open in a browser's developer tools.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGateway } from './harness/contenders.ts';
import { runLoad } from './harness/load.ts';
import { startUpstream, stopAll } from './harness/processes.ts';
import { type CpuProfile, summarise } from './harness/profile-summary.ts';
import { loadOf } from './harness/rounds.ts';
import { workloads } from './workloads.ts';

const [name = 'W1', memory = 'off', secondsText = '5'] = process.argv.slice(2);
const workload = workloads.find((known) => known.name === name);
if (workload === undefined || !(memory === 'off' || memory === 'on')) {
  throw new Error(`Name a workload (${workloads.map((known) => known.name).join(', ')}), then off or on.`);
}
const folder = mkdtempSync(join(tmpdir(), 'gateway-profile-'));
const path = join(folder, `${name}-${memory}.cpuprofile`);
try {
  const gateway = await openGateway(await startUpstream(), memory);
  const durationMs = Math.min(60, Number(secondsText)) * 1_000;
  const load = await loadOf(workload, gateway, durationMs);
  // Warm up first, so that V8's compilation of new code is not measured.
  await runLoad(load);
  await gateway.server.startProfile();
  const { answerCount } = await runLoad(load);
  await gateway.server.stopProfile(path);
  await gateway.pool.close();
  const profile = JSON.parse(readFileSync(path, 'utf8')) as CpuProfile;
  process.stdout.write(`${answerCount} answers\n\n${summarise(profile)}\n\n${path}\n`);
} finally {
  await stopAll();
}
