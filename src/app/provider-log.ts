import type { ProviderLog } from '../ports/provider-log.ts';
import type { ServerLog } from '../server/contract.ts';

/** Creates the log of unreadable fields, which logs each field of each ledger once. */
export function createProviderLog(log: Pick<ServerLog, 'warn'>): ProviderLog {
  const logged = new Set<string>();
  return {
    unreadable({ provider, ledger, field }) {
      const key = `${provider} ${ledger} ${field}`;
      if (logged.has(key)) return;
      logged.add(key);
      log.warn({ provider, ledger, field }, 'a value could not be read and is shown as null');
    },
  };
}
