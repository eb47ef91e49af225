import type { UpstreamPage } from '../../src/ports/page.ts';
import type { Reading } from '../../src/ports/upstream.ts';
import { createIbanera, type IbaneraConfig } from '../../src/providers/ibanera/index.ts';
import { type IbaneraSandboxOptions, startIbaneraSandbox } from '../../src/sandbox/ibanera/index.ts';
import { createGotHttp } from '../../src/upstream/http/got-http.ts';
import {
  createCallBudget,
  createCallWindow,
  createMemoryTokenStore,
  createUpstream,
} from '../../src/upstream/index.ts';
import { aReadContext } from '../support/read-context.ts';
import { createManualClock } from '../unit/upstream/manual-clock.ts';

export const master = { provider: 'IBANERA', providerAccountId: null } as const;
export const loginPath = '/api/v1/public/auth/login';
export const stepMs = 30_000;

/** An empty sandbox and the adapter over it, on one clock that only the test (or a wait) advances. */
export async function startIbaneraAdapter(
  options: IbaneraSandboxOptions = {},
  config: Partial<IbaneraConfig> = {},
) {
  // The start of a step of the one-time codes.
  const clock = createManualClock(1_800_000_000_000);
  const sandbox = await startIbaneraSandbox({ seed: 'empty', ...options, now: clock.now });
  const http = createGotHttp({
    ...{ connectTimeoutMs: 2_000, requestTimeoutMs: 5_000, replyBytesMax: 4_000_000, maxSockets: 32 },
  });
  const { baseUrl, username, password, totpSecret, control } = sandbox;
  const logins = { callsPerMinute: 10, burst: 10 };
  const loginBudget = createCallBudget(
    'Ibanera',
    createCallWindow(() => logins, clock),
    clock,
  );
  const provider = createIbanera(
    { baseUrl, username, password, totpSecret, transactions: true, environment: 'EMBEDDED', ...config },
    {
      http,
      clock,
      upstream: createUpstream({ clock, random: () => 0 }),
      tokens: createMemoryTokenStore({ clock, random: () => 0, budgetOf: () => loginBudget }),
    },
  );
  const context = aReadContext({ maxAgeSeconds: 0 });
  const balances = provider.balances.get('ASSET');
  if (balances === undefined) throw new Error('no book of balances');
  return {
    ...{ sandbox, control, provider, balances, clock, context },
    logins: () => control.calls().filter(({ path }) => path === loginPath),
    dataCalls: () => control.calls().filter(({ path }) => path !== loginPath),
    readBalances: (deadlineMs?: number) =>
      readAll(balances.list(master, deadlineMs === undefined ? context : { ...context, deadlineMs })),
    async close() {
      http.close();
      await sandbox.close();
    },
  };
}

export type IbaneraAdapter = Awaited<ReturnType<typeof startIbaneraAdapter>>;

/** All rows of a list, in order. */
export async function readAll<Row>(pages: AsyncIterable<Reading<UpstreamPage<Row>>>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { value } of pages) rows.push(...value.rows);
  return rows;
}
