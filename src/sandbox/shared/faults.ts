import * as z from 'zod';
import { type Answer, htmlAnswer, retryAfter } from './answers.ts';
import { parseExactJson } from './exact-json.ts';
import { type TransitFault, transitFaultSchemas } from './transit-faults.ts';

/** Which calls a fault applies to; every given part must match. */
export interface FaultMatch {
  /** The path as logged: a RegExp, or the source of one that must match the whole path. */
  path?: string | RegExp;
  method?: string;
}

/** An error answer instead of the route's, in the API's own shape or a proxy's; the route does not run. */
export interface StatusFault {
  kind: 'status';
  status: number;
  body: 'own' | 'html' | 'empty';
  retryAfterSeconds?: number;
}

/** A fault of matching calls, logins included. The first injected fault that matches wins. */
export type Fault<Status = StatusFault, Match = FaultMatch> = {
  match: Match;
  /** How many matching calls it applies to; default no limit. */
  times?: number;
} & (Status | CallFault);

/** What may happen to a call besides an error of the API. */
export type CallFault =
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
  | TransitFault;

const matchFields = {
  path: z.union([z.string(), z.instanceof(RegExp)]).optional(),
  method: z.string().optional(),
};

const times = z.int().min(1).optional();

const statusFault = z.strictObject({
  kind: z.literal('status'),
  status: z.int().min(300).max(599),
  body: z.enum(['own', 'html', 'empty']),
  retryAfterSeconds: z.int().min(0).optional(),
});

/** The schema of an API's faults; `status` is its own kind, and its calls are matched by `ownMatchFields` too. */
export function faultSchemaOf(
  status: z.ZodObject<{ kind: z.ZodLiteral<'status'> }>,
  ownMatchFields: z.ZodRawShape = {},
): z.ZodType {
  const common = { match: z.strictObject({ ...matchFields, ...ownMatchFields }), times };
  return z.discriminatedUnion('kind', [
    status.extend(common),
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
}

/** The faults of an API that answers errors in one shape. */
export function createFaultBox(errorAnswer: (status: number) => Answer): FaultBox {
  return new FaultBox(faultSchemaOf(statusFault), ({ status, body, retryAfterSeconds = null }) => {
    const answer = body === 'html' ? htmlAnswer(status) : errorAnswer(status);
    const headers = retryAfter(retryAfterSeconds);
    return { ...answer, ...(body === 'empty' && { body: '' }), ...(headers && { headers }) };
  });
}

/** The injected faults. */
export class FaultBox<
  Status extends { kind: 'status' } = StatusFault,
  Match extends FaultMatch = FaultMatch,
> {
  #injected: { readonly fault: Fault<Status, Match>; left: number }[] = [];
  readonly #schema: z.ZodType;
  readonly #statusAnswer: (fault: Status) => Answer;

  constructor(schema: z.ZodType, statusAnswer: (fault: Status) => Answer) {
    this.#schema = schema;
    this.#statusAnswer = statusAnswer;
  }

  /** Throws RangeError naming what is wrong with the fault. */
  inject(fault: Fault<Status, Match>): void {
    const parsed = this.#schema.safeParse(fault);
    if (!parsed.success) throw new RangeError(`fault: ${z.prettifyError(parsed.error)}`);
    const { path } = fault.match;
    const match =
      typeof path === 'string' ? { ...fault.match, path: new RegExp(`^(?:${path})$`) } : fault.match;
    this.#injected.push({ fault: { ...fault, match }, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#injected = [];
  }

  /** What happens to this call, which it counts; an answer in place of the route's, or null for nothing. */
  take(call: { readonly [Field in keyof Match]: unknown }): CallFault | Answer | null {
    const first = this.#injected.find(({ fault: { match } }) =>
      Object.entries(match).every(([field, wanted]) => isMatch(Reflect.get(call, field), wanted)),
    );
    if (first === undefined) return null;
    first.left -= 1;
    if (first.left === 0) this.#injected = this.#injected.filter((other) => other !== first);
    const { fault } = first;
    return isStatusFault<Status>(fault) ? this.#statusAnswer(fault) : fault;
  }
}

function isMatch(actual: unknown, wanted: unknown): boolean {
  if (wanted instanceof RegExp) return String(actual).search(wanted) !== -1;
  return wanted === undefined || wanted === actual;
}

function isStatusFault<Status extends { kind: 'status' }>(fault: Status | CallFault): fault is Status {
  return fault.kind === 'status';
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
