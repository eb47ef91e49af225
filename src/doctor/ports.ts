import { createServer } from 'node:http';
import * as z from 'zod';
import type { Config } from '../config/config.ts';
import type { HttpPort } from '../ports/http.ts';
import { ListenError, type PortVariable } from '../server/listen-error.ts';
import { listen } from '../server/listening.ts';
import { type Finding, note, ok, problem, type Section } from './finding.ts';

/** Whether the gateway could listen, and whether a gateway is already listening. */
export interface PortsExamined {
  readonly section: Section;
  readonly gatewayRuns: boolean;
}

const health = z.object({ state: z.enum(['starting', 'ready', 'draining']) });

/** Listens briefly on each port. If a port is taken, asks whether a gateway has taken it. */
export async function examinePorts(
  { host, port, metrics }: Pick<Config, 'host' | 'port' | 'metrics'>,
  http: HttpPort,
): Promise<PortsExamined> {
  const findings: Finding[] = [];
  let gatewayRuns = false;
  const ports: (readonly [PortVariable, number | null])[] = [
    ['PORT', port],
    ['METRICS_PORT', metrics?.port ?? null],
  ];
  for (const [variable, number] of ports) {
    if (number === null) continue;
    const busy = await tryToListen(host, number, variable);
    if (busy === null) {
      findings.push(ok(number === 0 ? `${variable}: any free port.` : `${variable} ${number} is free.`));
    } else if (await isGateway(host, number, http)) {
      gatewayRuns = true;
      findings.push(note(`${variable} ${number} is taken, by a balances gateway that is running.`));
    } else {
      findings.push(problem(busy));
    }
  }
  return { section: { name: 'Ports', findings }, gatewayRuns };
}

/** Why listening fails; null when it works. */
async function tryToListen(host: string, port: number, variable: PortVariable): Promise<string | null> {
  const server = createServer();
  try {
    await listen(server, host, port, variable);
  } catch (error) {
    if (error instanceof ListenError) return error.message;
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
  return null;
}

async function isGateway(host: string, port: number, http: HttpPort): Promise<boolean> {
  const isEvery = host === '0.0.0.0' || host === '::';
  const shown = isEvery ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  try {
    const { text } = await http.send({
      name: 'The gateway',
      method: 'GET',
      url: `http://${shown}:${port}/readyz`,
      headers: {},
    });
    return health.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
