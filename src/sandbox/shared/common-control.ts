import * as z from 'zod';
import type { CallLog, LoggedCall } from './call-log.ts';
import { type ControlOperation, operation } from './control-http.ts';

/** The part of a control that all sandboxes have. */
export interface CommonControl<InjectedFault, Behaviour, Call> {
  /** Throws RangeError naming what is wrong with the fault. */
  inject(fault: InjectedFault): void;
  clearFaults(): void;
  setBehaviour(changes: Partial<Behaviour>): void;
  /** Delay before every answer. */
  setLatency(ms: number): void;
  /** Whether the data change by themselves, now and then, balances with their transactions. */
  setActivity(isOn: boolean): void;

  /** Every request received since the last reset (the newest 100,000), oldest first. */
  calls(): readonly Call[];
  /** How many requests were received since the last reset, without a limit. */
  callCount(): number;
  resetCalls(): void;
}

export interface CommonParts<InjectedFault, Call extends LoggedCall> {
  readonly faults: { inject(fault: InjectedFault): void; clear(): void };
  readonly calls: CallLog<Call>;
  readonly latency: { ms: number };
  readonly setActivity: (isOn: boolean) => void;
}

/** The common part of a control, but for `setBehaviour`. */
export function createCommonControl<InjectedFault, Call extends LoggedCall>({
  faults,
  calls,
  latency,
  setActivity,
}: CommonParts<InjectedFault, Call>): Omit<CommonControl<InjectedFault, never, Call>, 'setBehaviour'> {
  return {
    inject: (fault) => faults.inject(fault),
    clearFaults: () => faults.clear(),
    setLatency: (ms) => {
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError('latencyMs must be 0 or more');
      latency.ms = ms;
    },
    setActivity,
    calls: () => calls.list(),
    callCount: () => calls.count,
    resetCalls: () => calls.reset(),
  };
}

type AnyControl = CommonControl<never, Record<string, unknown>, unknown>;

const none = z.strictObject({});

/** The common operations, available over HTTP. */
export const commonOperations: Readonly<Record<string, ControlOperation<AnyControl>>> = {
  // The fault box parses the fault itself.
  inject: operation(z.strictObject({ fault: z.custom<never>() }), (control: AnyControl, { fault }) =>
    control.inject(fault),
  ),
  clearFaults: operation(none, (control: AnyControl) => control.clearFaults()),
  setBehaviour: operation(
    z.strictObject({ changes: z.record(z.string(), z.unknown()) }),
    (control: AnyControl, { changes }) => control.setBehaviour(changes),
  ),
  setLatency: operation(z.strictObject({ ms: z.number() }), (control: AnyControl, { ms }) =>
    control.setLatency(ms),
  ),
  setActivity: operation(z.strictObject({ isOn: z.boolean() }), (control: AnyControl, { isOn }) =>
    control.setActivity(isOn),
  ),
  calls: operation(none, (control: AnyControl) => control.calls()),
  callCount: operation(none, (control: AnyControl) => control.callCount()),
  resetCalls: operation(none, (control: AnyControl) => control.resetCalls()),
};
