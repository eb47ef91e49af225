import type { ProviderLog } from '../ports/provider-log.ts';
import type { ServerLog } from '../server/contract.ts';

/** Says once, for each field of each ledger, that values of it cannot be read. */
export function createProviderLog(log: Pick<ServerLog, 'warn'>): ProviderLog {
  const said = new Set<string>();
  return {
    unreadable({ provider, ledger, field }) {
      const key = `${provider} ${ledger} ${field}`;
      if (said.has(key)) return;
      said.add(key);
      log.warn({ provider, ledger, field }, 'a value could not be read and is shown as null');
    },
  };
}
