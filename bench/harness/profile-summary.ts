/** The parts of a V8 CPU profile that are read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the previous sample. */
  readonly timeDeltas: readonly number[];
}

const rowsShown = 40;

/** Self time by package or folder, and by function, without idle time. */
export function summarise({ nodes, samples, timeDeltas }: CpuProfile): string {
  const selfUs = new Map<number, number>();
  for (const [index, id] of samples.entries()) {
    selfUs.set(id, (selfUs.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const byPlace = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let totalUs = 0;
  for (const { id, callFrame } of nodes) {
    const us = selfUs.get(id) ?? 0;
    const { functionName, url, lineNumber } = callFrame;
    if (us === 0 || functionName === '(idle)') continue;
    totalUs += us;
    const place = placeOf(url, functionName);
    const label = `${functionName || '(anonymous)'}  ${place}  ${url.split('/').at(-1)}:${lineNumber + 1}`;
    byPlace.set(place, (byPlace.get(place) ?? 0) + us);
    byFunction.set(label, (byFunction.get(label) ?? 0) + us);
  }
  const lines = (sums: ReadonlyMap<string, number>) =>
    [...sums]
      .sort(([, a], [, b]) => b - a)
      .slice(0, rowsShown)
      .map(([label, us]) => `${((100 * us) / totalUs).toFixed(1).padStart(6)} %  ${label}`);
  return ['By package and room', ...lines(byPlace), '', 'By function, self time', ...lines(byFunction)].join(
    '\n',
  );
}

/** `got`, `src/data/pagination`, `node:internal/streams`; V8's own work by its name there. */
function placeOf(url: string, functionName: string): string {
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (inPackage !== undefined) return inPackage;
  const room = /\/(src\/(?:providers\/)?[^/]+)/.exec(url)?.[1];
  if (room !== undefined) return room;
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  return url === '' ? functionName : 'others';
}
