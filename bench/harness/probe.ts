// Preloaded into every measured process (`node --import`): reports over IPC what the process has used, and profiles
// it.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** What a probed process has used so far. */
export interface Usage {
  readonly cpuUs: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
}

export type ProbeOrder =
  | { readonly probe: 'usage' | 'usage-after-gc' | 'start-profile' }
  | { readonly probe: 'stop-profile'; readonly path: string };

let session: Session | null = null;

async function obey(order: ProbeOrder): Promise<void> {
  if (order.probe === 'start-profile') {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
  } else if (order.probe === 'stop-profile') {
    const stopped = await session?.post('Profiler.stop');
    writeFileSync(order.path, JSON.stringify(stopped?.profile));
    session?.disconnect();
  } else if (order.probe === 'usage-after-gc') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ usage: { cpuUs: user + system, rssBytes: rss, heapUsedBytes: heapUsed } });
}

process.on('message', (order: ProbeOrder | object) => {
  if ('probe' in order) void obey(order);
});
// Nothing here keeps a process alive, and no process outlives its parent.
process.channel?.unref();
process.once('disconnect', () => process.exit());
