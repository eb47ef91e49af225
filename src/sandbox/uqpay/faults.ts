import * as z from 'zod';
import { type Fault, FaultBox, type FaultMatch, faultSchemaOf } from '../shared/faults.ts';
import { type ErrorShape, errorInShape } from './answers.ts';

/** Which calls a fault applies to; every given part must match. Paths are below the API base (`/v1/balances`). */
export interface UqpayFaultMatch extends FaultMatch {
  /** A sub-account id, or null for calls without the header. */
  onBehalfOf?: string | null;
}

/** An error answer in one of UQPAY's shapes, or a proxy's, instead of the route's; the route does not run. */
export interface UqpayStatusFault {
  kind: 'status';
  status: number;
  shape: ErrorShape;
  retryAfterSeconds?: number;
}

/** A fault of matching calls, token calls included. The first injected fault that matches wins. */
export type UqpayFault = Fault<UqpayStatusFault, UqpayFaultMatch>;

export type UqpayFaultBox = FaultBox<UqpayStatusFault, UqpayFaultMatch>;

const statusFault = z.strictObject({
  kind: z.literal('status'),
  status: z.int().min(400).max(599),
  shape: z.enum(['A', 'B', 'C', 'D', 'html']),
  retryAfterSeconds: z.int().min(0).optional(),
});

export function createUqpayFaultBox(): UqpayFaultBox {
  const schema = faultSchemaOf(statusFault, { onBehalfOf: z.string().nullable().optional() });
  return new FaultBox(schema, ({ status, shape, retryAfterSeconds = null }) =>
    errorInShape(status, shape, retryAfterSeconds),
  );
}
