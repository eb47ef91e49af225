import { noCursors, workloads } from '../workloads.ts';
import { ask, askGateway, openPool } from './load.ts';
import { memorySettings, startGateway, type UpstreamProcess } from './processes.ts';
import { median } from './rounds.ts';

/** Time from starting the process to its first answer, in milliseconds. */
export interface FirstAnswer {
  /** The first start, before Node has cached compiled code. */
  readonly coldMs: number;
  /** The median of the later starts. */
  readonly medianMs: number;
}

export async function measureFirstAnswer(
  upstream: UpstreamProcess,
  startCount: number,
  compileCacheFolder: string,
): Promise<FirstAnswer> {
  const [workload] = workloads;
  if (workload === undefined) throw new Error('There is no workload.');
  const times: number[] = [];
  for (let start = 0; start <= startCount; start++) {
    const startMs = performance.now();
    const gateway = await startGateway(upstream.url, {
      ...memorySettings.on,
      NODE_COMPILE_CACHE: compileCacheFolder,
    });
    const pool = openPool(gateway.url, 1);
    await ask(pool, askGateway(noCursors)(workload, 0));
    times.push(performance.now() - startMs);
    await pool.close();
    // Node writes its compile cache when a process exits normally.
    await gateway.stop();
  }
  const [coldMs = Number.NaN, ...warm] = times;
  return { coldMs, medianMs: median(warm) };
}
