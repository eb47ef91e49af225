import type { Pool } from 'undici';
import { deepPageNumber, deepPageSize, laneCountMax, type Workload, walkQuery } from '../workloads.ts';
import { type Asking, ask, askGateway, askLimit, openPool, toPost } from './load.ts';
import {
  memorySettings,
  type ServerProcess,
  startGateway,
  startLimit,
  startUpstream,
  stopAll,
  type UpstreamProcess,
} from './processes.ts';

export type ContenderName =
  | 'limit'
  | 'limit over got'
  | 'gateway'
  | 'gateway over node:http'
  | 'limit in memory'
  | 'gateway from memory';

/** A server under measurement. */
export interface Contender {
  readonly name: ContenderName;
  readonly server: ServerProcess;
  readonly pool: Pool;
  readonly ask: Asking;
  /** Whether each answer makes its upstream calls. */
  readonly callsUpstream: boolean;
}

/** Everything that is measured against each other, over one upstream. */
export interface Field {
  readonly upstream: UpstreamProcess;
  readonly contenders: ReadonlyMap<ContenderName, Contender>;
  close(): Promise<void>;
}

/** Starts the upstream and all contenders; nothing is left running when that fails. */
export async function openField(): Promise<Field> {
  const upstream = await startUpstream();
  try {
    const contenders = await startContenders(upstream);
    return {
      upstream,
      contenders: new Map(contenders.map((contender) => [contender.name, contender])),
      async close() {
        await Promise.all(contenders.map(({ pool }) => pool.close()));
        await stopAll();
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** The gateway alone, ready for every workload. */
export async function openGateway(
  { url }: UpstreamProcess,
  memory: keyof typeof memorySettings,
  folder?: string,
): Promise<Contender> {
  const server = await startGateway(url, memorySettings[memory], folder);
  const name = memory === 'off' ? 'gateway' : 'gateway from memory';
  return toContender(name, server, askGateway(await walkToDeepPages(server)), memory === 'off');
}

async function startContenders({ url }: UpstreamProcess): Promise<readonly Contender[]> {
  // Cursors that one gateway makes open at the other.
  const common = { CURSOR_SECRET: 'bench-cursor-secret' };
  const [limit, got, memory, gateway, lean, remembering] = await Promise.all([
    startLimit('undici', url),
    startLimit('got', url),
    startLimit('memory', url),
    startGateway(url, { ...memorySettings.off, ...common }),
    startGateway(url, { ...memorySettings.off, ...common, UPSTREAM_HTTP_CLIENT: 'node' }),
    startGateway(url, { ...memorySettings.on, ...common }),
  ]);
  const askForData = askGateway(await walkToDeepPages(remembering));
  return [
    toContender('limit', limit, askLimit, true),
    toContender('limit over got', got, askLimit, true),
    toContender('gateway', gateway, askForData, true),
    toContender('gateway over node:http', lean, askForData, true),
    toContender('limit in memory', memory, askLimit, false),
    toContender('gateway from memory', remembering, askForData, false),
  ];
}

function toContender(
  name: ContenderName,
  server: ServerProcess,
  asking: Asking,
  callsUpstream: boolean,
): Contender {
  return { name, server, pool: openPool(server.url, laneCountMax), ask: asking, callsUpstream };
}

/** Cursors that open the deep pages of W5, by lane, found by walking there. */
async function walkToDeepPages({ url }: ServerProcess): Promise<string[]> {
  const pool = openPool(url, 1);
  const cursors: string[] = [];
  const rowsBefore = (deepPageNumber - 1) * deepPageSize;
  let after: string | null = null;
  for (let rowCount = 0; cursors.length < laneCountMax; ) {
    // In long strides as far as the first page that is wanted.
    const first = rowCount < rowsBefore ? Math.min(100, rowsBefore - rowCount) : deepPageSize;
    const text = await ask(pool, toPost(walkQuery, { first, after }));
    const endCursor: string | undefined = /"endCursor":"([^"]+)"/.exec(text)?.[1];
    if (endCursor === undefined) throw new Error(`The walk has no cursor behind row ${rowCount}: ${text}`);
    after = endCursor;
    rowCount += first;
    if (rowCount >= rowsBefore) cursors.push(endCursor);
  }
  await pool.close();
  return cursors;
}

/** What every lane of a workload asks a contender. */
export function questionsOf(workload: Workload, contender: Contender) {
  return Array.from({ length: workload.laneCount }, (_, lane) => contender.ask(workload, lane));
}
