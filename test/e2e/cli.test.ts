// The commands other than `start`, as people and scripts run them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { createFolder, root } from './cli.fixture.ts';

jest.setTimeout(60_000);

let at: ReturnType<typeof createFolder>;
beforeEach(() => {
  at = createFolder();
});
afterEach(() => at.remove());

const balances = '{ balances(first: 2, filter: { ledgers: [CURRENT] }) { nodes { ledger currency } } }';

describe('the command line', () => {
  test('--help names every verb, each verb has its own help, and --version is the version of the package', async () => {
    const help = await at.run(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    const verbs = [...help.stdout.matchAll(/^ {2}([a-z]+)(?= .*\[options\])/gm)].map(([, verb = '']) => verb);
    expect(verbs).toEqual(expect.arrayContaining(['start', 'doctor', 'query', 'sandbox']));
    for (const verb of verbs) {
      const own = await at.run([verb, '--help']);
      expect(own).toMatchObject({ code: 0, stderr: '' });
      expect(own.stdout).toMatch(new RegExp(`^Usage: balances-gateway ${verb} `));
    }
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    expect(await at.run(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  test('an invalid command line is exit code 2, with one line that names the problem', async () => {
    const unknownVerb = await at.run(['dcotor']);
    expect(unknownVerb).toMatchObject({ code: 2, stdout: '' });
    expect(unknownVerb.stderr).toMatch(
      /^error: "dcotor" is not a command of the gateway\. [^\n]*doctor[^\n]*\n$/,
    );
    expect(await at.run(['--prot', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/'--prot'\n\(Did you mean --port\?\)\n$/),
    });
    expect(await at.run(['query', 'no-such-file'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: "no-such-file" is neither an operation nor a readable file\n',
    });
    expect(await at.run(['query', balances, '--format', 'xml'])).toMatchObject({ code: 2 });
    expect(await at.run(['query', balances, '--variables', '[1]'])).toMatchObject({ code: 2 });
  });
});

describe('start', () => {
  test('--port takes precedence over PORT, and an invalid one is refused', async () => {
    const { code, stderr } = await at.run(['--port', 'http'], { env: { PORT: '4000' } });
    expect(code).toBe(1);
    expect(stderr).toContain('PORT must be a whole number from 0 to 65535; it is "http"');
  });

  const npmTest = process.platform === 'win32' ? test.skip : test;
  npmTest.each(['start', 'dev'] as const)('npm %s ends when npm does, by a signal', async (script) => {
    // As npm runs a script: in a shell, and only the shell gets npm's signals.
    const env = { ...process.env, npm_lifecycle_event: script, LOG_LEVEL: 'silent' };
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    const [, file = ''] = manifest.scripts[script].split(' ');
    const command = `${process.execPath} ${join(root, file)} --port 0; :`;
    const shell = spawn('sh', ['-c', command], { cwd: at.folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    while (!printed.includes('Stop with')) printed += String((await once(shell.stdout, 'data'))[0]);
    const url = /^ {2}GraphQL +(\S+)$/m.exec(printed)?.[1] ?? '';
    expect((await fetch(`${new URL('/livez', url)}`)).status).toBe(200);
    shell.kill('SIGTERM');
    const isServed = () =>
      fetch(url).then(
        () => true,
        () => false,
      );
    while (await isServed()) await delay(50);
  });
});

describe('query', () => {
  test('prints the answer as JSON for programs', async () => {
    const { code, stdout, stderr } = await at.run(['query', balances]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      data: {
        balances: {
          nodes: [
            { ledger: 'CURRENT', currency: expect.any(String) },
            { ledger: 'CURRENT', currency: expect.any(String) },
          ],
        },
      },
    });
  });

  test('accepts files, standard input, variables and one of several operations', async () => {
    writeFileSync(
      join(at.folder, 'two.graphql'),
      'query A { viewer { subject } } query B($n: Int!) { accounts(first: $n) { nodes { id } } }',
    );
    const named = ['query', 'two.graphql', '--operation-name', 'B', '--variables', '{"n": 2}'];
    expect(Object(JSON.parse((await at.run(named)).stdout)).data.accounts.nodes).toHaveLength(2);
    writeFileSync(join(at.folder, 'variables.json'), '{"n": 1}');
    const fromFile = [...named.slice(0, -1), 'variables.json'];
    expect(Object(JSON.parse((await at.run(fromFile)).stdout)).data.accounts.nodes).toHaveLength(1);
    const { stdout } = await at.run(['query', '-'], { input: '{ viewer { subject } }' });
    expect(JSON.parse(stdout)).toEqual({ data: { viewer: { subject: 'shell' } } });
  });

  test('prints a table for people, with amounts beside their currency, and no missing value as zero', async () => {
    const operation =
      '{ balances(first: 1, filter: { currencies: ["EUR"] }) { totalCount nodes { ledger available { amount currency } pending { amount currency } } } }';
    const { code, stdout } = await at.run(['query', operation, '--format', 'table']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^balances \(1\)\n {2}ledger +available +pending\n {2}[A-Z]+ +\d+\.\d\d EUR +\S.*\n {2}totalCount: \d+\n$/,
    );
  });

  test('an answer with errors is exit code 1, and its data is printed nevertheless', async () => {
    const operation = '{ viewer { subject } transaction(id: "bm9uZQ") { id } }';
    const { code, stdout, stderr } = await at.run(['query', operation, '--format', 'table']);
    expect(code).toBe(1);
    expect(stdout).toContain('subject: shell');
    expect(stderr).toMatch(/^[A-Z_]+: .* \(transaction\)\n$/);
  });

  test('an invalid configuration is reported as by `start`', async () => {
    const { code, stderr } = await at.run(['query', balances], { env: { UQPAY_CLIENT_ID: 'x' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The configuration cannot be used:\n {2}UQPAY_API_KEY /);
  });

  test('--url queries a running gateway, with the credential from the environment', async () => {
    const asked: (string | undefined)[] = [];
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.end('{"data":{"viewer":{"subject":"ops"}}}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/graphql`;
    const operation = '{ viewer { subject } }';
    const { stdout } = await at.run(['query', operation, '--url', url], { env: { CREDENTIAL: 'k-1' } });
    expect(JSON.parse(stdout)).toEqual({ data: { viewer: { subject: 'ops' } } });
    expect(asked).toEqual(['Bearer k-1']);
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    const { code, stderr } = await at.run(['query', operation, '--url', url]);
    expect(code).toBe(1);
    expect(stderr).toBe(`${url} cannot be reached (ECONNREFUSED). Is a gateway running there?\n`);
  });
});

describe('explain and export', () => {
  test('explain prints the plan, and is exit code 1 for an operation that would be refused', async () => {
    const { code, stdout } = await at.run(['explain', balances]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ admitted: true, calls: 1 });
    const tooMuch = await at.run(['explain', balances], { env: { MAX_QUERY_COST: '1' } });
    expect(tooMuch.code).toBe(1);
  });

  test('export writes a complete file, or says what it cannot do', async () => {
    const where = ['-w', 'ledgers=CURRENT', '--format', 'ndjson', '-o', 'balances.ndjson'];
    expect(await at.run(['export', 'balances', ...where])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const lines = readFileSync(join(at.folder, 'balances.ndjson'), 'utf8').trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ complete: true, rows: lines.length - 1 });
    const csv = await at.run(['export', 'balances', '-w', 'ledgers=CURRENT']);
    expect(csv.stdout.split('\r\n')[0]).toMatch(/^id,provider,/);
    expect(await at.run(['export', 'balances', '-w', 'ledgers=NONE'])).toMatchObject({ code: 1, stdout: '' });
    expect(await at.run(['export', 'money'])).toMatchObject({ code: 2 });
  });
});

describe('mcp', () => {
  test('a client that starts it over stdio lists the tools and gets balances', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [join(root, 'src/main.ts'), 'mcp'],
      cwd: at.folder,
      env: {},
    });
    await client.connect(transport as never);
    try {
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain('list_balances');
      const answer = await client.callTool({ name: 'list_balances', arguments: { ledgers: ['CURRENT'] } });
      expect(Object(answer.structuredContent)).toMatchObject({ complete: true, totalCount: 3 });
    } finally {
      await client.close();
    }
  });

  test('it ends when the client closes its end, and with one line if the configuration is invalid', async () => {
    const hello = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n';
    expect(await at.run(['mcp'], { input: hello })).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await at.run(['mcp'], { env: { UQPAY_CLIENT_ID: 'x' } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^The configuration cannot be used:/);
  });
});
