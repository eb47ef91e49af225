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
    help: 'Operations that are running.',
    value: ({ operations }) => operations.running,
  },
  {
    name: 'operation_units',
    help: 'Units in use, of MAX_CONCURRENT_OPERATIONS: an expensive operation takes several.',
    value: ({ operations }) => operations.units,
  },
  {
    name: 'operation_units_max',
    help: 'Units that may be in use now: fewer than MAX_CONCURRENT_OPERATIONS while memory is short.',
    value: ({ operations }) => operations.unitsMax,
  },
  {
    name: 'operations_waiting',
    help: 'Operations that wait for a slot.',
    value: ({ operations }) => operations.waiting,
  },
  {
    name: 'unread_answer_bytes',
    help: 'Bytes of responses that their callers have not read yet.',
    value: ({ answerBytes }) => answerBytes,
  },
  {
    name: 'request_body_bytes',
    help: 'Bytes of large request bodies that are being read or processed.',
    value: ({ bodyBytes }) => bodyBytes,
  },
  {
    name: 'memory_used_ratio',
    help: "Used share of the heap limit, or of the container's memory limit if that share is larger.",
    value: ({ memoryUsed }) => memoryUsed,
  },
];

/** Registers the admission metrics; `report` is called when metrics are read. */
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
    help: 'Requests refused because there was no room.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      const { refused } = report();
      for (const reason of admissionRefusals) this.inc({ reason }, refused[reason]);
    },
  });
}
