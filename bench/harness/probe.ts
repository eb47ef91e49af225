// Preloaded into every measured process (`node --import`): tells over IPC what the process has used.

/** What a probed process has used so far. */
export interface Usage {
  readonly cpuUs: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
}

export type ProbeOrder = { readonly probe: 'usage' | 'usage-after-gc' };

process.on('message', (order: Partial<ProbeOrder>) => {
  if (order.probe === undefined) return;
  if (order.probe === 'usage-after-gc') globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ usage: { cpuUs: user + system, rssBytes: rss, heapUsedBytes: heapUsed } });
});
// Nothing here keeps a process alive, and no process outlives the one that measures it.
process.channel?.unref();
process.once('disconnect', () => process.exit());
