// The whole gateway in this process, over a UQPAY sandbox: behaviour that depends on the wiring.
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';

const opened: { close(): Promise<void> }[] = [];
const logged: unknown[] = [];
const note = (...entry: unknown[]) => {
  logged.push(entry);
};
const logger = { debug: note, info: note, warn: note, error: note };

afterEach(async () => {
  logged.length = 0;
  for (const closable of opened.splice(0).reverse()) await closable.close();
});

async function startSandbox(): Promise<UqpaySandbox> {
  const sandbox = await startUqpaySandbox();
  opened.push(sandbox);
  return sandbox;
}

async function start(env: Record<string, string>): Promise<RunningGateway> {
  const gateway = await startGateway(loadConfig({ PORT: '0', ...env }), { logger });
  opened.push(gateway);
  return gateway;
}

function credentialsOf({ baseUrl, clientId, apiKey }: UqpaySandbox): Record<string, string> {
  return { UQPAY_BASE_URL: baseUrl, UQPAY_CLIENT_ID: clientId, UQPAY_API_KEY: apiKey };
}

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

async function ask({ url }: RunningGateway, query: string, variables: object = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

const pageQuery = `query Page($after: String) {
  transactions(first: 5, after: $after) {
    pageInfo { endCursor }
    nodes { id }
  }
}`;

async function page(gateway: RunningGateway, after: string | null) {
  const { data, errors } = await ask(gateway, pageQuery, { after });
  const list = data?.transactions as { pageInfo: { endCursor: string }; nodes: { id: string }[] } | null;
  return { ids: list?.nodes.map(({ id }) => id) ?? [], endCursor: list?.pageInfo.endCursor ?? '', errors };
}

/** Waits until this process listens on this many ports; a server that was just closed still counts for a while. */
async function serversAre(count: number): Promise<void> {
  const listening = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  for (let turn = 0; turn < 500 && listening() !== count; turn += 1) await setTimeout(5);
  expect(listening()).toBe(count);
}

describe('which data is served', () => {
  test('without credentials: the embedded sandboxes, labelled as such, in display order', async () => {
    const { data } = await ask(await start({}), '{ providers { code name environment ledgers } }');
    const environment = 'EMBEDDED';
    expect(data).toEqual({
      providers: [
        { code: 'UQPAY', name: 'UQPAY', environment, ledgers: ['BANKING', 'ISSUING', 'PAYMENT'] },
        { code: 'IBANERA', name: 'Ibanera', environment, ledgers: ['ASSET'] },
        { code: 'NOAH', name: 'NOAH', environment, ledgers: ['CURRENT'] },
      ],
    });
  });

  test('with credentials: UQPAY at UQPAY_BASE_URL, with one call for one balance', async () => {
    const sandbox = await startSandbox();
    const gateway = await start(credentialsOf(sandbox));
    const { data } = await ask(
      gateway,
      '{ providers { environment } balance(ledger: BANKING, currency: "USD") { available { currency } } }',
    );
    expect(data).toEqual({
      providers: [{ environment: 'SANDBOX' }],
      balance: { available: { currency: 'USD' } },
    });
    const paths = sandbox.control.calls().map(({ path }) => path);
    expect(paths.filter((path) => !path.endsWith('/token'))).toHaveLength(1);
    expect(sandbox.control.mintCount()).toBe(1);
  });

  test('a line without credentials is not served', async () => {
    const { baseUrl, clientId, apiKey } = await startSandbox();
    const gateway = await start({
      UQPAY_BASE_URL: baseUrl,
      UQPAY_ISSUING_CLIENT_ID: clientId,
      UQPAY_ISSUING_API_KEY: apiKey,
    });
    const { data } = await ask(
      gateway,
      '{ providers { ledgers } balances(first: 100) { nodes { ledger } } }',
    );
    expect(data?.providers).toEqual([{ ledgers: ['ISSUING'] }]);
    const balances = data?.balances as { nodes: { ledger: string }[] } | undefined;
    expect(new Set(balances?.nodes.map(({ ledger }) => ledger))).toEqual(new Set(['ISSUING']));
  });

  test('a wrong key is UPSTREAM_AUTH, and appears neither in the answer nor in the log', async () => {
    const gateway = await start({
      ...credentialsOf(await startSandbox()),
      UQPAY_API_KEY: 'hunter2-wrong-key',
    });
    const answer = await ask(gateway, '{ balance(ledger: BANKING, currency: "USD") { currency } }');
    expect(answer).toMatchObject({
      data: { balance: null },
      errors: [{ path: ['balance'], extensions: { code: 'UPSTREAM_AUTH', provider: 'UQPAY' } }],
    });
    expect(logged).not.toHaveLength(0);
    expect(JSON.stringify([answer, logged])).not.toContain('hunter2');
  });
});

describe('cursors', () => {
  test('of one replica are accepted by another with the same credentials', async () => {
    const env = credentialsOf(await startSandbox());
    const [one, other] = [await start(env), await start(env)];
    const first = await page(one, null);
    const [here, there] = [await page(one, first.endCursor), await page(other, first.endCursor)];
    expect(there.errors).toBeUndefined();
    expect(there.ids).toHaveLength(5);
    expect(there.ids).toEqual(here.ids);
    expect(first.ids.filter((id) => there.ids.includes(id))).toEqual([]);
  });

  test('made with another secret are refused', async () => {
    const env = credentialsOf(await startSandbox());
    const [one, other] = [
      await start(env),
      await start({ ...env, CURSOR_SECRET: 'sixteen or more characters' }),
    ];
    const { errors } = await page(other, (await page(one, null)).endCursor);
    expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
  });
});

describe('starting and stopping', () => {
  test('a port in use rejects, and everything already started is stopped', async () => {
    const first = await start({});
    const taken = loadConfig({ PORT: new URL(first.url).port });
    // The gateway's own, and one for each embedded sandbox.
    await serversAre(4);
    await expect(startGateway(taken, { logger })).rejects.toMatchObject({ name: 'ListenError' });
    await serversAre(4);
  });

  test('close ends the server, and may be called again', async () => {
    const gateway = await start({});
    await gateway.close();
    await expect(fetch(gateway.url)).rejects.toThrow();
    await gateway.close();
  });
});
