import type { Caller } from '../../domain/caller.ts';
import { customerNetwork, type RequestOrigin } from '../../domain/ip-address.ts';

/** The key that a caller is counted under. */
export type CallerKey = (caller: Caller, origin: RequestOrigin) => string;

/** Uses the caller's name if callers have names, else their address. */
export function createCallerKey(hasNames: boolean): CallerKey {
  if (hasNames) return ({ subject }) => `caller:${subject}`;
  return (_caller, { client }) => `address:${customerNetwork(client)}`;
}
