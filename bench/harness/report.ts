import type { FirstAnswer } from './first-answer.ts';
import { type Measured, medianOf, ratioOf } from './rounds.ts';

/** The tables of a run, as Markdown. */
export function toReport(results: readonly Measured[], firstAnswer: FirstAnswer | null): string {
  const of = (name: Measured['scenario']['name']) => results.filter(({ scenario }) => scenario.name === name);
  return [
    ...section('Every answer read from an upstream without latency', withoutMemory(of('no memory'))),
    ...section(
      'The same, with upstream replies that always change',
      withoutMemory(of('no memory, replies change')),
    ),
    ...section('Answers from memory', fromMemory(of('from memory'))),
    ...section(
      'Every answer read from the upstream, in the heap of a 512 MB container (`--max-old-space-size=256 --max-semi-space-size=16`)',
      withinLimit(of('within 512 MB')),
    ),
    ...section('An upstream that takes 50 ms', withLatency(of('50 ms'))),
    ...(firstAnswer === null
      ? []
      : [
          `Time from starting the process to its first answer: ${Math.round(firstAnswer.medianMs)} ms with Node's ` +
            `compile cache, which \`npm install\` fills; ${Math.round(firstAnswer.coldMs)} ms without.`,
          '',
        ]),
  ].join('\n');
}

/** A table under its heading; nothing if it has no rows. */
export function section(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length < 2) return [];
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `### ${title}`,
    '',
    line(head),
    line(head.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...body.map(line),
    '',
  ];
}

function withoutMemory(results: readonly Measured[]): string[][] {
  const others = ['limit over got', 'gateway'] as const;
  return [
    [
      'Workload',
      'Calls',
      'CPU, the limit',
      ...others,
      'gateway to limit over got',
      'Answers/s, the limit',
      ...others,
      'Memory, the limit',
      'gateway',
    ],
    ...results.map((measured) => [
      nameOf(measured),
      medianOf(measured, 'gateway', 'callsPerAnswer').toFixed(0),
      inMs(medianOf(measured, 'limit', 'cpuMsPerAnswer')),
      ...others.map((name) => times(ratioOf(measured, name, 'limit', 'cpuMsPerAnswer'))),
      times(ratioOf(measured, 'gateway', 'limit over got', 'cpuMsPerAnswer')),
      medianOf(measured, 'limit', 'answersPerSecond').toFixed(0),
      ...others.map((name) => times(ratioOf(measured, name, 'limit', 'answersPerSecond'))),
      inMb(medianOf(measured, 'limit', 'residentMb')),
      inMb(medianOf(measured, 'gateway', 'residentMb')),
    ]),
  ];
}

function withinLimit(results: readonly Measured[]): string[][] {
  const own = 'gateway within 512 MB';
  return [
    ['Workload', 'Calls', 'CPU, the limit', 'gateway', 'Answers/s, the limit', 'gateway', 'Memory, gateway'],
    ...results.map((measured) => [
      nameOf(measured),
      medianOf(measured, own, 'callsPerAnswer').toFixed(0),
      inMs(medianOf(measured, 'limit', 'cpuMsPerAnswer')),
      times(ratioOf(measured, own, 'limit', 'cpuMsPerAnswer')),
      medianOf(measured, 'limit', 'answersPerSecond').toFixed(0),
      times(ratioOf(measured, own, 'limit', 'answersPerSecond')),
      inMb(medianOf(measured, own, 'residentMb')),
    ]),
  ];
}

function fromMemory(results: readonly Measured[]): string[][] {
  const others = ['gateway from memory', 'gateway, made anew from memory'] as const;
  const limit = 'limit in memory';
  const heads = ['repeated query', 'new query'];
  return [
    ['Workload', 'Calls', 'CPU, the limit', ...heads, 'Answers/s, the limit', ...heads, 'Memory, gateway'],
    ...results.map((measured) => [
      nameOf(measured),
      medianOf(measured, others[1], 'callsPerAnswer').toFixed(0),
      inMs(medianOf(measured, limit, 'cpuMsPerAnswer')),
      ...others.map((name) => times(ratioOf(measured, name, limit, 'cpuMsPerAnswer'))),
      medianOf(measured, limit, 'answersPerSecond').toFixed(0),
      ...others.map((name) => times(ratioOf(measured, name, limit, 'answersPerSecond'))),
      inMb(medianOf(measured, others[1], 'residentMb')),
    ]),
  ];
}

function withLatency(results: readonly Measured[]): string[][] {
  return [
    ['Workload', 'Calls', 'Median time, the limit', 'limit over got', 'gateway'],
    ...results.map((measured) => [
      nameOf(measured),
      medianOf(measured, 'gateway', 'callsPerAnswer').toFixed(0),
      `${medianOf(measured, 'limit', 'medianMs').toFixed(1)} ms`,
      times(ratioOf(measured, 'limit over got', 'limit', 'medianMs')),
      times(ratioOf(measured, 'gateway', 'limit', 'medianMs')),
    ]),
  ];
}

export function nameOf({ workload }: Measured): string {
  return `${workload.name}: ${workload.title}`;
}

export function inMs(ms: number): string {
  return `${ms.toFixed(3)} ms`;
}

export function inMb(mb: number): string {
  return `${mb.toFixed(0)} MB`;
}

export function times(ratio: number): string {
  return `× ${ratio.toFixed(2)}`;
}
