import type { Caller } from '../../domain/caller.ts';
import { customerNetwork, type RequestOrigin } from '../../domain/ip-address.ts';

/** What a caller is counted under. */
export type CallerKey = (caller: Caller, origin: RequestOrigin) => string;

/** By name where callers have names, else by the address they ask from. */
export function createCallerKey(hasNames: boolean): CallerKey {
  if (hasNames) return ({ subject }) => `caller:${subject}`;
  return (_caller, { client }) => `address:${customerNetwork(client)}`;
}
