import type { RedisTrouble } from '../../ports/upstream-telemetry.ts';

/** The code of an error (`ECONNREFUSED`, `NOAUTH`) or its name; never its message, which may contain the address. */
export function toReason(error: unknown): string {
  if (!(error instanceof Error)) return 'not connected';
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string') return code;
  return /^[A-Z][A-Z_]+\b/.exec(error.message)?.[0] ?? error.name;
}

const full = /^(OOM|MISCONF)\b/;
const refused = /^(NOAUTH|WRONGPASS|NOPERM)\b/;
/** The server is not the primary, or not yet; or there is no connection: these errors of ioredis have no code. */
const gone =
  /^(READONLY\b|MASTERDOWN\b|LOADING\b|Connection is closed|Stream isn't writeable|Reached the max retries per request limit)/;

const timedOut = 'Command timed out';

/** The error for a command that was not answered in time. */
export function commandTimedOut(): Error {
  return new Error(timedOut);
}

/** Classifies an error; null means that there was no connection. */
export function toTrouble(error: unknown): RedisTrouble {
  if (error === null) return 'GONE';
  if (!(error instanceof Error)) return 'OTHER';
  if (error.message === timedOut) return 'SLOW';
  if (full.test(error.message)) return 'FULL';
  if (refused.test(error.message)) return 'REFUSED';
  const isOfSystem =
    typeof Reflect.get(error, 'syscall') === 'string' || Reflect.get(error, 'code') === 'ETIMEDOUT';
  return isOfSystem || gone.test(error.message) ? 'GONE' : 'OTHER';
}

/** Whether an error says that a key belongs to another node. */
export function isOfCluster(error: unknown): boolean {
  return error instanceof Error && /^(MOVED|CROSSSLOT|CLUSTERDOWN)\b/.test(error.message);
}
