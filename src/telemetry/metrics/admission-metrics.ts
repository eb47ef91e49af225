import { Counter, Gauge, type Registry } from 'prom-client';
import { type AdmissionReport, admissionRefusals } from '../../ports/admission.ts';

interface AdmissionGauge {
  readonly name: string;
  readonly help: string;
  value(report: AdmissionReport): number;
}

const gauges: readonly AdmissionGauge[] = [
  {
    name: 'operations_running',
    help: 'Operations that run.',
    value: ({ operations }) => operations.running,
  },
  {
    name: 'operation_units',
    help: 'The same as they count against MAX_CONCURRENT_OPERATIONS: a dear operation takes several.',
    value: ({ operations }) => operations.units,
  },
  {
    name: 'operation_units_max',
    help: 'How many may run now: less than MAX_CONCURRENT_OPERATIONS while memory is short.',
    value: ({ operations }) => operations.unitsMax,
  },
  {
    name: 'operations_waiting',
    help: 'Operations that wait for their turn.',
    value: ({ operations }) => operations.waiting,
  },
  {
    name: 'unread_answer_bytes',
    help: 'Answers that their callers have not read.',
    value: ({ answerBytes }) => answerBytes,
  },
  {
    name: 'request_body_bytes',
    help: 'Large request bodies that are being read or worked on.',
    value: ({ bodyBytes }) => bodyBytes,
  },
  {
    name: 'memory_used_ratio',
    help: "Share of the heap's limit, or of the container's memory where that is nearer to its end.",
    value: ({ memoryUsed }) => memoryUsed,
  },
];

/** Registers them; `report` is asked when metrics are read. */
export function registerAdmissionMetrics(
  prefix: string,
  registry: Registry,
  report: () => AdmissionReport,
): void {
  for (const { name, help, value } of gauges) {
    new Gauge({
      name: `${prefix}${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value(report()));
      },
    });
  }
  new Counter({
    name: `${prefix}admission_refusals_total`,
    help: 'Requests refused for want of room.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      const { refused } = report();
      for (const reason of admissionRefusals) this.inc({ reason }, refused[reason]);
    },
  });
}
