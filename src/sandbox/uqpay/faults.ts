import * as z from 'zod';
import { parseExactJson } from '../shared/exact-json.ts';
import { type TransitFault, transitFaultSchemas } from '../shared/transit-faults.ts';
import type { Answer } from './answers.ts';

const matchSchema = z.strictObject({
  path: z.union([z.string(), z.instanceof(RegExp)]).optional(),
  onBehalfOf: z.string().nullable().optional(),
  method: z.string().optional(),
});

const common = { match: matchSchema, times: z.int().min(1).optional() };

const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    shape: z.enum(['A', 'B', 'C', 'D', 'html']),
    retryAfterSeconds: z.int().min(0).optional(),
  }),
  z.strictObject({ ...common, kind: z.literal('reset') }),
  z.strictObject({ ...common, kind: z.literal('truncated') }),
  z.strictObject({ ...common, kind: z.literal('wrong-content-type') }),
  z.strictObject({
    ...common,
    kind: z.literal('slow'),
    ms: z.int().min(0),
    chunks: z.int().min(1).max(1000).optional(),
  }),
  z.strictObject({ ...common, kind: z.literal('shape'), field: z.string().min(1), value: z.unknown() }),
  ...Object.values(transitFaultSchemas).map((schema) => schema.extend(common)),
]);

/** Which calls a fault applies to; every given part must match. */
export interface UqpayFaultMatch {
  /** Path below the API base (`/v1/balances`): a RegExp, or the source of one that must match the whole path. */
  path?: string | RegExp;
  /** A sub-account id, or null for calls without the header. */
  onBehalfOf?: string | null;
  method?: string;
}

interface FaultCommon {
  match: UqpayFaultMatch;
  /** How many matching calls it applies to; default no limit. */
  times?: number;
}

/** A fault of matching calls, token calls included. The first injected fault that matches wins. */
export type UqpayFault = FaultCommon &
  (
    | {
        /** An error answer instead of the route's; the route does not run. */
        kind: 'status';
        status: number;
        shape: 'A' | 'B' | 'C' | 'D' | 'html';
        retryAfterSeconds?: number;
      }
    /** The connection is destroyed before anything is sent; the route does not run. */
    | { kind: 'reset' }
    /** The route's body, cut in half, as a complete HTTP answer. */
    | { kind: 'truncated' }
    /** The route's body, declared as `text/html`. */
    | { kind: 'wrong-content-type' }
    /** Headers at once, then `ms` before the body, or before each of `chunks` equal parts of it. */
    | { kind: 'slow'; ms: number; chunks?: number }
    /** One value of the body replaced: `field` is a dotted path such as `data.0.amount`. */
    | { kind: 'shape'; field: string; value: unknown }
    | TransitFault
  );

/** What a fault is matched against. */
export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly onBehalfOf: string | null;
}

interface ArmedFault {
  readonly fault: UqpayFault;
  left: number;
}

/** The injected faults. */
export class FaultBox {
  #armed: ArmedFault[] = [];

  /** Throws RangeError naming what is wrong with the fault. */
  inject(fault: UqpayFault): void {
    const parsed = faultSchema.safeParse(fault);
    if (!parsed.success) throw new RangeError(`fault: ${z.prettifyError(parsed.error)}`);
    const { path } = fault.match;
    const match =
      typeof path === 'string' ? { ...fault.match, path: new RegExp(`^(?:${path})$`) } : fault.match;
    this.#armed.push({ fault: { ...fault, match }, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that applies to this call, which it counts; null for none. */
  take(subject: FaultSubject): UqpayFault | null {
    const armed = this.#armed.find(({ fault }) => fits(fault.match, subject));
    if (armed === undefined) return null;
    armed.left -= 1;
    if (armed.left === 0) this.#armed = this.#armed.filter((other) => other !== armed);
    return armed.fault;
  }
}

function fits({ path, onBehalfOf, method }: UqpayFaultMatch, subject: FaultSubject): boolean {
  return (
    (path === undefined || subject.path.search(path) !== -1) &&
    (onBehalfOf === undefined || onBehalfOf === subject.onBehalfOf) &&
    (method === undefined || method === subject.method)
  );
}

/** The answer with one value replaced and all other digits kept; unchanged if the path leads nowhere. */
export function withReplacedField(answer: Answer, field: string, value: unknown): Answer {
  const root = parseExactJson(answer.body);
  const steps = field.split('.');
  const last = steps.pop() ?? '';
  let holder: unknown = root;
  for (const step of steps) holder = isHolder(holder) ? holder[step] : undefined;
  if (!isHolder(holder) || !Object.hasOwn(holder, last)) return answer;
  holder[last] = value;
  return { ...answer, body: JSON.stringify(root) };
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
