import * as z from 'zod';
import type { Answer } from './answers.ts';
import { parseExactJson } from './exact-json.ts';
import { type TransitFault, transitFaultSchemas } from './transit-faults.ts';

const common = {
  match: z.strictObject({
    path: z.union([z.string(), z.instanceof(RegExp)]).optional(),
    method: z.string().optional(),
  }),
  times: z.int().min(1).optional(),
};

const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('status'),
    status: z.int().min(300).max(599),
    body: z.enum(['own', 'html', 'empty']),
    retryAfterSeconds: z.int().min(0).optional(),
  }),
  z.strictObject({ ...common, kind: z.literal('reset') }),
  z.strictObject({ ...common, kind: z.literal('truncated') }),
  z.strictObject({ ...common, kind: z.literal('wrong-content-type') }),
  z.strictObject({ ...common, kind: z.literal('slow'), ms: z.int().min(0) }),
  z.strictObject({ ...common, kind: z.literal('shape'), field: z.string().min(1), value: z.unknown() }),
  ...Object.values(transitFaultSchemas).map((schema) => schema.extend(common)),
]);

/** Which calls a fault applies to; every given part must match. */
export interface FaultMatch {
  /** The path as logged: a RegExp, or the source of one that must match the whole path. */
  path?: string | RegExp;
  method?: string;
}

interface FaultCommon {
  match: FaultMatch;
  /** How many matching calls it applies to; default no limit. */
  times?: number;
}

/** A fault of matching calls, logins included. The first injected fault that matches wins. */
export type Fault = FaultCommon &
  (
    | {
        /** An error answer instead of the route's, in the API's own shape or a proxy's; the route does not run. */
        kind: 'status';
        status: number;
        body: 'own' | 'html' | 'empty';
        retryAfterSeconds?: number;
      }
    /** The connection is destroyed before anything is sent; the route does not run. */
    | { kind: 'reset' }
    /** The route's body, cut in half, as a complete HTTP answer. */
    | { kind: 'truncated' }
    /** The route's body, declared as `text/html`. */
    | { kind: 'wrong-content-type' }
    /** The route's answer, `ms` late. */
    | { kind: 'slow'; ms: number }
    /** One value of the body replaced: `field` is a dotted path such as `details.0.id`. */
    | { kind: 'shape'; field: string; value: unknown }
    | TransitFault
  );

/** The injected faults. */
export class FaultBox {
  #armed: { readonly fault: Fault; left: number }[] = [];

  /** Throws RangeError naming what is wrong with the fault. */
  inject(fault: Fault): void {
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
  take(call: { readonly method: string; readonly path: string }): Fault | null {
    const armed = this.#armed.find(
      ({ fault: { match } }) =>
        (match.path === undefined || call.path.search(match.path) !== -1) &&
        (match.method === undefined || match.method === call.method),
    );
    if (armed === undefined) return null;
    armed.left -= 1;
    if (armed.left === 0) this.#armed = this.#armed.filter((other) => other !== armed);
    return armed.fault;
  }
}

/** The answer with one value replaced and all other digits kept; unchanged if the path leads nowhere. */
export function withReplacedField(answer: Answer, field: string, value: unknown): Answer {
  const root = parseExactJson(answer.body);
  const steps = field.split('.');
  const last = steps.pop() ?? '';
  let holder: unknown = root;
  for (const step of steps) holder = isHolder(holder) ? holder[step] : undefined;
  if (!isHolder(holder)) return answer;
  holder[last] = value;
  return { ...answer, body: JSON.stringify(root) };
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
