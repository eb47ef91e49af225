import { inMs, nameOf, section, times } from './report.ts';
import { type Measured, medianOf, ratioOf } from './rounds.ts';

/** The tables of a run with peers, as Markdown. */
export function toPeerReport(results: readonly Measured[]): string {
  const of = (name: Measured['scenario']['name']) => results.filter(({ scenario }) => scenario.name === name);
  return [
    ...section('Compared with peers: every answer read from the upstream', withoutMemory(of('beside peers'))),
    ...section(
      'Compared with peers: the same, with upstream replies that always change',
      withoutMemory(of('beside peers, replies change')),
    ),
    ...section('Compared with peers: answers from memory', fromMemory(of('beside peers, from memory'))),
  ].join('\n');
}

function withoutMemory(results: readonly Measured[]): string[][] {
  const others = ['gateway', 'yoga', 'apollo'] as const;
  return [
    [
      'Workload',
      'Calls',
      'Calls, apollo',
      'CPU, the limit',
      ...others,
      'gateway to yoga',
      'Answers/s, the limit',
      ...others,
    ],
    ...results.map((measured) => [
      nameOf(measured),
      medianOf(measured, 'yoga', 'callsPerAnswer').toFixed(0),
      medianOf(measured, 'apollo', 'callsPerAnswer').toFixed(0),
      inMs(medianOf(measured, 'limit', 'cpuMsPerAnswer')),
      ...others.map((name) => times(ratioOf(measured, name, 'limit', 'cpuMsPerAnswer'))),
      times(ratioOf(measured, 'gateway', 'yoga', 'cpuMsPerAnswer')),
      medianOf(measured, 'limit', 'answersPerSecond').toFixed(0),
      ...others.map((name) => times(ratioOf(measured, name, 'limit', 'answersPerSecond'))),
    ]),
  ];
}

function fromMemory(results: readonly Measured[]): string[][] {
  const others = ['gateway from memory', 'yoga with response cache'] as const;
  const limit = 'limit in memory';
  return [
    ['Workload', 'Calls', 'CPU, the limit', ...others, 'Answers/s, the limit', ...others],
    ...results.map((measured) => [
      nameOf(measured),
      medianOf(measured, 'yoga with response cache', 'callsPerAnswer').toFixed(0),
      inMs(medianOf(measured, limit, 'cpuMsPerAnswer')),
      ...others.map((name) => times(ratioOf(measured, name, limit, 'cpuMsPerAnswer'))),
      medianOf(measured, limit, 'answersPerSecond').toFixed(0),
      ...others.map((name) => times(ratioOf(measured, name, limit, 'answersPerSecond'))),
    ]),
  ];
}
