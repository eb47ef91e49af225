import type { Pool } from 'undici';
import { laneCountMax, type Workload, type WorkloadName } from '../workloads.ts';
import { findCursors } from './find-cursors.ts';
import { type Asking, askGateway, askGatewayAnew, askLimit, openPool } from './load.ts';
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
  | 'gateway within 512 MB'
  | 'limit in memory'
  | 'gateway from memory'
  | 'gateway, made anew from memory'
  | PeerName;

/** Other servers, measured on request. */
export type PeerName = 'yoga' | 'apollo' | 'yoga with response cache';

/** A server under measurement. */
export interface Contender {
  readonly name: ContenderName;
  readonly server: ServerProcess;
  readonly pool: Pool;
  readonly ask: Asking;
  /** Whether each answer makes its upstream calls. */
  readonly callsUpstream: boolean;
  /** Calls per answer, if they differ from those of the workload. */
  readonly ownCalls: Partial<Readonly<Record<WorkloadName, number>>>;
}

/** All servers that are compared, over one upstream. */
export interface Field {
  readonly upstream: UpstreamProcess;
  readonly contenders: ReadonlyMap<ContenderName, Contender>;
  close(): Promise<void>;
}

/** Starts the upstream, the contenders, and those that `startPeers` starts; stops all of them if that fails. */
export async function openField(
  startPeers?: (upstream: UpstreamProcess) => Promise<readonly Contender[]>,
): Promise<Field> {
  const upstream = await startUpstream();
  try {
    const started = await Promise.all([startContenders(upstream), startPeers?.(upstream) ?? []]);
    const contenders = started.flat();
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
  return toContender(name, server, askGateway(await findCursors(server)), memory === 'off');
}

/** What Node and the gateway choose in a container of 512 MB (docs/operating.md). */
const smallHeap = ['--max-old-space-size=256', '--max-semi-space-size=16'];

async function startContenders({ url }: UpstreamProcess): Promise<readonly Contender[]> {
  // A cursor of one gateway is valid at the other.
  const common = { CURSOR_SECRET: 'bench-cursor-secret' };
  const [limit, got, memory, gateway, small, remembering] = await Promise.all([
    startLimit('undici', url),
    startLimit('got', url),
    startLimit('memory', url),
    startGateway(url, { ...memorySettings.off, ...common }),
    startGateway(url, { ...memorySettings.off, ...common }, undefined, { nodeOptions: smallHeap }),
    startGateway(url, { ...memorySettings.on, ...common }),
  ]);
  const cursors = await findCursors(remembering);
  const askForData = askGateway(cursors);
  return [
    toContender('limit', limit, askLimit, true),
    toContender('limit over got', got, askLimit, true),
    toContender('gateway', gateway, askForData, true),
    toContender('gateway within 512 MB', small, askForData, true),
    toContender('limit in memory', memory, askLimit, false),
    toContender('gateway from memory', remembering, askForData, false),
    toContender('gateway, made anew from memory', remembering, askGatewayAnew(cursors), false),
  ];
}

/** A started server, as a contender with its own connections. */
export function toContender(
  name: ContenderName,
  server: ServerProcess,
  asking: Asking,
  callsUpstream: boolean,
  ownCalls: Contender['ownCalls'] = {},
): Contender {
  return { name, server, pool: openPool(server.url, laneCountMax), ask: asking, callsUpstream, ownCalls };
}

/** The request of every lane of a workload to a contender. */
export function questionsOf(workload: Workload, contender: Contender) {
  return Array.from({ length: workload.laneCount }, (_, lane) => contender.ask(workload, lane));
}
