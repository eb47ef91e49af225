// The programs of docs/examples with the tools that their users have, and what docs/clients.md says about them.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pino from 'pino';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { encodeAccountId } from '../../src/domain/global-id.ts';
import { startTestGateway, type TestGateway } from '../integration/gateway.fixture.ts';
import { type LiveRig, openLiveRig } from '../integration/live.fixture.ts';
import { busyAccountId, eurosOf } from './rows.fixture.ts';
import { isExample, openWorkshop, type Workshop } from './workshop.fixture.ts';

jest.setTimeout(60_000);

const root = join(import.meta.dirname, '../..');
const paper = readFileSync(join(root, 'docs/clients.md'), 'utf8');

/** The code block of the page that follows a comment, without its last newline; undefined if there is none. */
function blockAfter(comment: string): string | undefined {
  const start = paper.indexOf(`<!-- ${comment} -->`);
  return start < 0 ? undefined : /```\w*\n([\s\S]*?)\n```/.exec(paper.slice(start))?.[1];
}

let door: TestGateway;
/** What `npm start` serves without credentials, as readers of the page see it. */
let embedded: RunningGateway;
let workshop: Workshop;
let compiled = '';
beforeAll(async () => {
  door = await startTestGateway({ TRANSACTION_MAX_AGE_SECONDS: '0' });
  embedded = await startGateway(loadConfig({ PORT: '0' }), { logger: pino({ level: 'silent' }) });
  workshop = openWorkshop();
  const schema = await workshop.node('', 'client-schema.ts', door.gateway.url);
  for (const folder of ['relay', 'codegen']) workshop.write(`${folder}/client-schema.graphql`, schema);
  compiled = await workshop.tool('relay', 'relay-compiler/cli.js', 'relay.config.json');
  await workshop.tool('codegen', '@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.ts');
});
afterAll(async () => {
  workshop?.close();
  await embedded?.close();
  await door?.close();
});

describe('the page', () => {
  const files = readdirSync(join(root, 'docs/examples'), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter(isExample)
    // test/docs/tutorial.test.ts runs those of the tutorial.
    .filter((file) => /\.\w+$/.test(file) && !file.startsWith('tutorial/'));

  test.each(files)('shows docs/examples/%s as it is, or links to it', (file) => {
    const text = readFileSync(join(root, 'docs/examples', file), 'utf8').trimEnd();
    const shown = blockAfter(`file: docs/examples/${file}`);
    if (shown === undefined) expect(paper).toContain(`(examples/${file})`);
    else expect(shown).toBe(text);
  });
});

test('they install the package versions that are tested here', () => {
  const examples = JSON.parse(readFileSync(join(root, 'docs/examples/package.json'), 'utf8'));
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const tested = { ...own.devDependencies, ...own.dependencies };
  for (const [name, version] of Object.entries({ ...examples.dependencies, ...examples.devDependencies })) {
    expect([name, version]).toEqual([name, tested[name]]);
  }
});

test.each(['apollo-client.ts', 'urql.ts'])('%s prints what the page shows', async (file) => {
  const printed = await workshop.node('', file, embedded.url);
  expect(printed.trimEnd()).toBe(blockAfter(`prints: ${file}`));
});

test('the answer that shows its age is that of the embedded sandboxes, except for its time', async () => {
  const command = blockAfter('age: run by test/clients/examples.test.ts') ?? '';
  const run = ['-c', command.replace('http://127.0.0.1:4000/graphql', embedded.url)];
  const { stdout } = await promisify(execFile)('sh', run);
  const withoutTime = (text = '') => text.replace(/"asOf":"[^"]*"/, '');
  const [body] = stdout.match(/^\{.*$/m) ?? [];
  expect(stdout).toMatch(/^age: \d+\r?$/m);
  expect(stdout).toMatch(/^cache-control: private, max-age=5\r?$/m);
  expect(withoutTime(body)).toBe(withoutTime(blockAfter('age answer: from a real run')?.split('\n').at(-1)));
});

test('the answer with a failed ledger is what a client gets', async () => {
  const { control } = door.sandbox;
  control.inject({ match: { path: '/v1/issuing/.*' }, kind: 'status', status: 403, shape: 'A' });
  const fields =
    'totalCount nodes { ledger available { amount currency } } sources { ledger state code retryAfterSeconds }';
  const query = `{ balances(filter: { currencies: ["USD"] }) { ${fields} } }`;
  const { answer } = await door.post({ query }, { 'cache-control': 'no-cache' });
  control.clearFaults();
  const shown = JSON.parse(blockAfter('failed ledger: compared by test/clients/examples.test.ts') ?? '');
  shown.errors[0].extensions.requestId = expect.any(String);
  expect(answer).toEqual(shown);
});

describe('the programs that watch', () => {
  const command = blockAfter('watch: run by test/clients/examples.test.ts') ?? '';
  let rig: LiveRig;
  beforeAll(async () => {
    rig = await openLiveRig();
  });
  afterAll(() => rig?.close());

  test('print the balance at once, then each change', async () => {
    const { control, masterAccountId } = rig.sandbox;
    const { url } = rig.gateway;
    const node = (folder: string, ...nodeArguments: readonly string[]) =>
      workshop.start(folder, process.execPath, ...nodeArguments, url);
    const programs = [
      node('', 'apollo-changes.ts'),
      node('', 'urql-changes.ts'),
      node('relay', '--import', './transform.mjs', 'changes.ts'),
    ];
    const lineOfAll = () => Promise.all(programs.map((program) => program.line()));
    try {
      const first = blockAfter('prints: apollo-changes.ts')?.split('\n')[0];
      expect(await lineOfAll()).toEqual(programs.map(() => first));
      control.setBalance('banking', masterAccountId, 'USD', { available_balance: '10.11' });
      rig.clock.advance(5_000);
      expect(await lineOfAll()).toEqual(programs.map(() => 'POLL BANKING 10.11 USD'));
    } finally {
      for (const program of programs) program.stop();
    }
  });

  test('curl prints each event as JSON', async () => {
    const curl = workshop.start(
      '',
      'sh',
      '-c',
      command.replace('http://127.0.0.1:4000/graphql', embedded.url),
    );
    const shown = blockAfter('watch event: from a real run')?.split('\n') ?? [];
    for (const line of shown) expect(await curl.line()).toBe(line);
    curl.stop();
  });
});

describe('Relay', () => {
  test('its compiler accepts @connection, @refetchable by node, and arguments', () => {
    expect(compiled).toContain('Done.');
    const artifact = readFileSync(
      join(workshop.examples, 'relay/__generated__/accountTransactionsPageQuery.graphql.ts'),
      'utf8',
    );
    expect(artifact).toContain('node(id: $id)');
    expect(artifact).toContain('"handle": "connection"');
  });

  /** The command of the page, with the gateway of this test. */
  const command = blockAfter('run by test/clients/examples.test.ts')?.split(' ').slice(1) ?? [];
  const walk = () =>
    workshop.node('relay', ...command.map((word) => (word.startsWith('http') ? door.gateway.url : word)));

  test('its runtime pages through the compiled connection: every row once', async () => {
    const printed = await walk();
    expect(printed.trimEnd()).toBe(blockAfter('prints: relay/read-to-the-end.ts'));
    expect(printed).toContain(`${eurosOf(door, 'banking') + eurosOf(door, 'issuing')} rows`);
    expect(command.at(-1)).toBe(encodeAccountId({ provider: 'UQPAY', providerAccountId: busyAccountId }));
  });

  test('its store keeps the rest of the answer when one ledger fails, and paging ends', async () => {
    door.sandbox.control.inject({
      match: { path: '/v1/issuing/.*' },
      kind: 'status',
      status: 403,
      shape: 'A',
    });
    const printed = await walk();
    door.sandbox.control.clearFaults();
    expect(printed).toContain(`${eurosOf(door, 'banking')} rows`);
    expect(printed).toContain('ISSUING is FAILED (UPSTREAM_FORBIDDEN)');
  });
});

describe('GraphQL Code Generator', () => {
  test('the typed program prints what the page shows', async () => {
    const printed = await workshop.node('codegen', 'holdings.ts', embedded.url);
    expect(printed.trimEnd()).toBe(blockAfter('prints: codegen/holdings.ts'));
  });

  test('amounts are text, enums are open, and everything here passes the strictest type check', async () => {
    workshop.write(
      'codegen/expectations.ts',
      `import type { HoldingsQuery } from './gql/graphql.ts';
       type Holding = NonNullable<HoldingsQuery['balances']>['nodes'][number];
       declare const holding: Holding;
       export const text: string | undefined = holding.available?.amount;
       // @ts-expect-error An amount is not a number.
       export const number: number | undefined = holding.available?.amount;
       export const later: Holding['status'] = '%future added value';
       // @ts-expect-error Today's values are not all there may ever be.
       export function wordFor(status: NonNullable<Holding['status']>): string {
         switch (status) {
           case 'ACTIVE': case 'PENDING': case 'PROCESSING': case 'CLOSED': case 'UNRECOGNIZED': return status;
         }
       }
       // @ts-expect-error A total may be null.
       export const total: number | undefined = ({} as HoldingsQuery).balances?.totalCount;`,
    );
    workshop.write('tsconfig.json', JSON.stringify(strictest));
    const printed = await workshop.tool('', 'typescript/bin/tsc', '-p', 'tsconfig.json');
    expect(printed).toBe('');
  });
});

const strictest = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    types: ['node'],
    module: 'nodenext',
    noEmit: true,
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
  },
  include: ['**/*.ts'],
  exclude: ['codegen/codegen.ts'],
};
