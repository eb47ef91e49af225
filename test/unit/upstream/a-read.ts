import type { Failure } from '../../../src/domain/failure.ts';
import type { ReadContext, ReadIdentity, UpstreamRead } from '../../../src/ports/upstream.ts';
import { aReadContext } from '../../support/read-context.ts';

/** A read of UQPAY balances; `attempt` returns `value` by default. */
export function aRead(
  fields: Partial<UpstreamRead<string>> = {},
  identity: Partial<ReadIdentity> = {},
): UpstreamRead<string> {
  return {
    identity: {
      ...{ provider: 'UQPAY', environment: 'SANDBOX', credential: 'c', onBehalfOf: null },
      ...{ method: 'GET', path: '/p', query: {}, body: null },
      ...identity,
    },
    route: { method: 'GET', path: '/p' },
    kind: 'balances',
    ledger: null,
    attempt: async () => 'value',
    ...fields,
  };
}

/** A read whose attempts the test resolves or rejects. */
export function aHeldRead(identity: Partial<ReadIdentity> = {}) {
  const attempts: { signal: AbortSignal; resolve(value: string): void; reject(error: unknown): void }[] = [];
  const attempt = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      attempts.push({ signal, resolve, reject });
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  return { read: aRead({ attempt }, identity), attempts };
}

/** An operation of its own. */
export function anOperation(fields: Partial<ReadContext> = {}): ReadContext {
  return aReadContext({ callerId: 'a', ...fields });
}

/** The failure of a UQPAY read without a ledger, after the upstream client has added the provider. */
export function asTold({ code, message, details }: Failure) {
  return { code, message, details: { provider: 'UQPAY', ...details } };
}
