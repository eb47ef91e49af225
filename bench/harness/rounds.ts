import type { Workload } from '../workloads.ts';
import { checkWorkload } from './check.ts';
import { type Contender, type ContenderName, type Field, questionsOf } from './contenders.ts';
import { ask, type Load, runLoad } from './load.ts';
import type { UpstreamProcess } from './processes.ts';

/** Contenders to compare under one setting. */
export interface Scenario {
  readonly name:
    | 'no memory'
    | 'no memory, replies change'
    | 'from memory'
    | 'within 512 MB'
    | '50 ms'
    | 'beside peers'
    | 'beside peers, replies change'
    | 'beside peers, from memory';
  /** The others are compared with the first. */
  readonly contenders: readonly ContenderName[];
  readonly latencyMs: number;
  /** Whether every upstream reply is different; otherwise they do not change, as is usual for polling. */
  readonly repliesChange?: boolean;
  /** Most requests in progress at a time; a workload may have fewer lanes. */
  readonly lanesMax: number;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'no memory',
    contenders: ['limit', 'limit over got', 'gateway'],
    latencyMs: 0,
    lanesMax: 32,
  },
  {
    name: 'no memory, replies change',
    contenders: ['limit', 'limit over got', 'gateway'],
    latencyMs: 0,
    repliesChange: true,
    lanesMax: 32,
  },
  {
    name: 'from memory',
    contenders: ['limit in memory', 'gateway from memory', 'gateway, made anew from memory'],
    latencyMs: 0,
    lanesMax: 32,
  },
  { name: 'within 512 MB', contenders: ['limit', 'gateway within 512 MB'], latencyMs: 0, lanesMax: 32 },
  // One at a time, because this measures how long an answer takes, not throughput.
  { name: '50 ms', contenders: ['limit', 'limit over got', 'gateway'], latencyMs: 50, lanesMax: 1 },
];

/** Measured on request only. */
export const peerScenarios: readonly Scenario[] = [
  {
    name: 'beside peers',
    contenders: ['limit', 'gateway', 'yoga', 'apollo'],
    latencyMs: 0,
    lanesMax: 32,
  },
  {
    name: 'beside peers, replies change',
    contenders: ['limit', 'gateway', 'yoga', 'apollo'],
    latencyMs: 0,
    repliesChange: true,
    lanesMax: 32,
  },
  {
    name: 'beside peers, from memory',
    contenders: ['limit in memory', 'gateway from memory', 'yoga with response cache'],
    latencyMs: 0,
    lanesMax: 32,
  },
];

export interface Pace {
  readonly roundCount: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
}

/** The figures of one contender in one round. */
export interface Figures {
  readonly answersPerSecond: number;
  readonly cpuMsPerAnswer: number;
  readonly callsPerAnswer: number;
  readonly medianMs: number;
  /** Resident memory of the process after the round, megabytes of 2^20 bytes. */
  readonly residentMb: number;
}

/** Rounds of one workload under one scenario, by contender; rounds with the same index ran next to each other. */
export interface Measured {
  readonly workload: Workload;
  readonly scenario: Scenario;
  readonly rounds: ReadonlyMap<ContenderName, readonly Figures[]>;
}

/**
 * Checks that the contenders return the same answers, then measures them in turn: A B C, A B C, ... so that other
 * load on the machine affects all of them.
 */
export async function measure(
  workload: Workload,
  scenario: Scenario,
  field: Field,
  pace: Pace,
): Promise<Measured> {
  const contenders = scenario.contenders.map((name) => field.contenders.get(name) as Contender);
  field.upstream.setLatency(0);
  field.upstream.setVaries(scenario.repliesChange === true);
  const answers = await checkWorkload(workload, contenders, field);
  const loads = new Map(
    contenders.map((contender) => {
      const load = toLoad(workload, contender, answers.get(contender) ?? []);
      return [contender, { ...load, lanes: load.lanes.slice(0, scenario.lanesMax) }];
    }),
  );
  for (const load of loads.values()) await warmUp({ ...load, durationMs: pace.warmUpMs });
  field.upstream.setLatency(scenario.latencyMs);
  const rounds = new Map<ContenderName, Figures[]>(scenario.contenders.map((name) => [name, []]));
  for (let round = 0; round < pace.roundCount; round++) {
    for (const [contender, load] of loads) {
      const figures = await measureRound(contender, { ...load, durationMs: pace.roundMs }, field.upstream);
      rounds.get(contender.name)?.push(figures);
    }
  }
  field.upstream.setLatency(0);
  field.upstream.setVaries(false);
  return { workload, scenario, rounds };
}

/** By then V8 has compiled most of the code, so the figures are those of a long-running server. */
const warmAnswerCount = 2_000;
const warmUpsMax = 3;

/** Loads a contender until it has returned this many answers: once for most workloads, three times for a slow one. */
async function warmUp(load: Load): Promise<void> {
  let answerCount = 0;
  for (let time = 0; time < warmUpsMax && answerCount < warmAnswerCount; time++) {
    answerCount += (await runLoad(load)).answerCount;
  }
}

/** A contender's load over all lanes, each expecting the answer to a single request. */
export async function loadOf(workload: Workload, contender: Contender, durationMs: number): Promise<Load> {
  const answers: string[] = [];
  for (const question of questionsOf(workload, contender)) answers.push(await ask(contender.pool, question));
  return { ...toLoad(workload, contender, answers), durationMs };
}

function toLoad(workload: Workload, contender: Contender, answers: readonly string[]) {
  const questions = questionsOf(workload, contender);
  const lanes = questions.map((question, lane) => ({ question, expected: answers[lane] ?? '' }));
  return { pool: contender.pool, lanes };
}

/** One round of a contender's load. */
export async function measureRound(
  { server }: Contender,
  load: Load,
  upstream: UpstreamProcess,
): Promise<Figures> {
  const callsBefore = await upstream.calls();
  const before = await server.usage();
  const { answerCount, tookMs, latenciesMs } = await runLoad(load);
  const after = await server.usage();
  const calls = (await upstream.calls()) - callsBefore;
  return {
    answersPerSecond: (answerCount * 1_000) / tookMs,
    cpuMsPerAnswer: (after.cpuUs - before.cpuUs) / 1_000 / answerCount,
    callsPerAnswer: calls / answerCount,
    medianMs: latenciesMs[Math.floor(latenciesMs.length / 2)] ?? Number.NaN,
    residentMb: after.rssBytes / 2 ** 20,
  };
}

/** The median of a figure over the rounds. */
export function medianOf(measured: Measured, name: ContenderName, figure: keyof Figures): number {
  return median((measured.rounds.get(name) ?? []).map((round) => round[figure]));
}

/** The median, over the rounds, of a contender's figure divided by that of `other` in the same round. */
export function ratioOf(
  measured: Measured,
  name: ContenderName,
  other: ContenderName,
  figure: keyof Figures,
): number {
  const others = measured.rounds.get(other) ?? [];
  const own = measured.rounds.get(name) ?? [];
  return median(own.map((round, index) => round[figure] / (others[index]?.[figure] ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.floor(ascending.length / 2)] ?? Number.NaN;
}
