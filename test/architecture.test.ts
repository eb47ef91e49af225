// Which room may import which, read from the import lines of src. CONTRIBUTING.md explains the rooms.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const src = join(import.meta.dirname, '../src');

interface Rule {
  /** Other rooms it may import. */
  readonly rooms: readonly string[];
  /** Packages of node_modules it may import. */
  readonly packages: readonly string[];
}

const provider: Rule = { rooms: ['providers/shared', 'ports', 'domain'], packages: ['zod'] };
/** The rooms. A folder within a room that has a rule of its own is a room of its own. */
const rules: Readonly<Record<string, Rule>> = {
  cli: {
    rooms: [
      'app',
      'config',
      'server',
      'doctor',
      'mcp',
      'sandbox',
      'upstream',
      'telemetry',
      'ports',
      'domain',
    ],
    packages: ['commander', 'zod'],
  },
  app: {
    rooms: [
      'config',
      'server',
      'server/admission',
      'server/auth',
      'server/callbacks',
      'server/explorer',
      'dashboard',
      'server/rate-limit',
      'graphql',
      'graphql/execution',
      'data/pagination',
      'export',
      'live',
      'mcp',
      'history',
      'providers/*',
      'upstream',
      'upstream/http',
      'upstream/redis',
      'telemetry',
      'telemetry/metrics',
      'telemetry/tracing',
      'sandbox',
      'ports',
      'domain',
    ],
    packages: [],
  },
  doctor: {
    rooms: [
      'app',
      'config',
      'history',
      'server',
      'server/auth',
      'upstream',
      'upstream/redis',
      'ports',
      'domain',
    ],
    packages: ['zod'],
  },
  mcp: { rooms: ['ports', 'domain'], packages: ['@modelcontextprotocol/server', 'graphql', 'zod'] },
  config: { rooms: ['domain'], packages: ['zod'] },
  server: { rooms: ['ports', 'domain'], packages: ['@apollo/server', 'lru-cache', 'negotiator'] },
  'server/admission': { rooms: ['ports', 'domain'], packages: [] },
  'server/auth': { rooms: ['ports', 'domain'], packages: ['jose', 'lru-cache'] },
  'server/rate-limit': { rooms: ['ports', 'domain'], packages: ['lru-cache', 'rate-limiter-flexible'] },
  'server/callbacks': { rooms: ['ports', 'domain'], packages: ['zod'] },
  'server/explorer': { rooms: [], packages: ['@graphql-yoga/render-graphiql'] },
  dashboard: { rooms: [], packages: ['preact', 'htm', 'uplot'] },
  graphql: {
    rooms: [
      'graphql/execution',
      'graphql/limits',
      'live',
      'data',
      'data/pagination',
      'ports',
      'domain',
      'generated',
    ],
    packages: ['graphql', '@apollo/server', '@apollo/subgraph', 'lru-cache'],
  },
  history: { rooms: ['ports', 'domain'], packages: ['pg', 'zod'] },
  live: { rooms: ['data', 'data/pagination', 'ports', 'domain'], packages: [] },
  export: { rooms: ['graphql', 'data', 'data/pagination', 'ports', 'domain'], packages: [] },
  'graphql/execution': { rooms: ['graphql/limits'], packages: ['graphql', 'graphql-jit', 'lru-cache'] },
  'graphql/limits': { rooms: ['domain'], packages: ['graphql'] },
  data: { rooms: ['data/pagination', 'ports', 'domain'], packages: ['dataloader', 'lru-cache', 'zod'] },
  'data/pagination': { rooms: ['ports', 'domain'], packages: ['zod'] },
  'providers/shared': { rooms: ['ports', 'domain'], packages: ['zod'] },
  // Every provider; one that needs a package of its own has a rule of its own.
  'providers/*': provider,
  'providers/ibanera': { ...provider, packages: ['zod', 'otpauth'] },
  'providers/noah': { ...provider, packages: ['zod', 'jose'] },
  upstream: { rooms: ['ports', 'domain'], packages: ['cockatiel', 'lru-cache'] },
  'upstream/http': { rooms: ['ports', 'domain'], packages: ['got', 'undici'] },
  'upstream/redis': {
    rooms: ['upstream', 'ports', 'domain'],
    packages: ['ioredis', 'rate-limiter-flexible', 'zod'],
  },
  telemetry: { rooms: ['config'], packages: ['pino'] },
  'telemetry/metrics': { rooms: ['ports', 'domain'], packages: ['prom-client'] },
  'telemetry/tracing': {
    rooms: ['ports', 'domain'],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/context-async-hooks',
      '@opentelemetry/core',
      '@opentelemetry/exporter-trace-otlp-proto',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
    ],
  },
  // Written by codegen: types that point back at the rooms they describe.
  generated: {
    rooms: ['graphql', 'live', 'data', 'data/pagination', 'ports', 'domain'],
    packages: ['graphql'],
  },
  sandbox: { rooms: [], packages: ['zod', 'jose', 'otpauth'] },
  ports: { rooms: ['domain'], packages: [] },
  domain: { rooms: [], packages: [] },
};

/** The rule of a room: its own, or that of all providers. */
function ruleOf(room: string): Rule | undefined {
  return rules[room] ?? (room.startsWith('providers/') ? rules['providers/*'] : undefined);
}

function lists(rule: Rule | undefined, target: string): boolean {
  const isListed = (name: string) => rule?.rooms.includes(name) === true;
  return isListed(target) || (target.startsWith('providers/') && isListed('providers/*'));
}

interface Import {
  /** Importing file, below src. */
  readonly file: string;
  readonly room: string;
  /** What is written between the quotes. */
  readonly specifier: string;
  /** Room of the imported file; null for a package. */
  readonly target: string | null;
  /** The imported file, below src; null for a package. */
  readonly targetFile: string | null;
  readonly isTypeOnly: boolean;
}

const sources = new Map(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    // main.ts is a link to bin/balances-gateway.cjs, which only chooses what to load.
    .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
    .map((file) => [file.replaceAll('\\', '/'), readFileSync(join(src, file), 'utf8')]),
);
const imports = [...sources].flatMap(([file, text]) => importsOf(file, text));

/** `app.ts` and `app/x.ts` are one room; every provider is a room, and so is a folder with a rule of its own. */
function roomOf(file: string): string {
  const [first = '', second = ''] = file.replace(/\.ts$/, '').split('/');
  const folder = `${first}/${second}`;
  return first === 'providers' || (rules[folder] !== undefined && file.startsWith(`${folder}/`))
    ? folder
    : first;
}

function importsOf(file: string, text: string): Import[] {
  const statement = /^(?:import|export)\s+(type\s)?(?:[^;'"]*?from\s*)?['"]([^'"]+)['"]/gm;
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g;
  const found = [
    ...[...text.matchAll(statement)].map((match) => ({
      specifier: match[2] ?? '',
      isTypeOnly: match[1] !== undefined,
    })),
    ...[...text.matchAll(dynamic)].map((match) => ({ specifier: match[1] ?? '', isTypeOnly: false })),
  ];
  return found.map(({ specifier, isTypeOnly }) => {
    const isOurs = specifier.startsWith('.');
    const path = relative(src, normalize(join(src, dirname(file), specifier))).replaceAll('\\', '/');
    const [targetFile, target] = isOurs ? [path, roomOf(path)] : [null, null];
    return { file, room: roomOf(file), specifier, target, targetFile, isTypeOnly };
  });
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function filesWith(pattern: RegExp): string[] {
  return [...sources].filter(([, text]) => pattern.test(text)).map(([file]) => file);
}

describe('rooms', () => {
  test('there are files and imports to judge, and every room has a rule', () => {
    expect(imports.length).toBeGreaterThan(50);
    const rooms = new Set([...sources.keys()].map(roomOf));
    expect([...rooms].filter((room) => ruleOf(room) === undefined)).toEqual([]);
  });

  test('a room imports only the rooms its rule lists', () => {
    const broken = imports
      .filter(({ room, target }) => target !== null && target !== room && !lists(ruleOf(room), target))
      .map(({ file, room, target }) => `src/${file}: ${room} may not import ${target}`);
    expect(broken).toEqual([]);
  });

  test('a room imports only the packages its rule lists', () => {
    const broken = imports
      .filter(({ target, specifier }) => target === null && !specifier.startsWith('node:'))
      .filter(({ room, specifier }) => !ruleOf(room)?.packages.includes(packageOf(specifier)))
      .map(({ file, room, specifier }) => `src/${file}: ${room} may not import the package ${specifier}`);
    expect(broken).toEqual([]);
  });

  test('no room reaches itself through others; types that codegen points back with do not count', () => {
    expect(
      cyclesOf(imports.map(({ room, target, ...rest }) => ({ ...rest, from: room, to: target }))),
    ).toEqual([]);
  });

  test('no file reaches itself through others; types that codegen points back with do not count', () => {
    expect(
      cyclesOf(imports.map(({ file, targetFile, ...rest }) => ({ ...rest, from: file, to: targetFile }))),
    ).toEqual([]);
  });
});

interface Arrow {
  readonly from: string;
  readonly to: string | null;
  readonly isTypeOnly: boolean;
}

/** Each way round that the arrows make, once. */
function cyclesOf(arrows: readonly Arrow[]): string[] {
  const reached = new Map<string, Set<string>>();
  for (const { from, to, isTypeOnly } of arrows) {
    if (to === null || to === from || (from.startsWith('generated') && isTypeOnly)) continue;
    reached.set(from, (reached.get(from) ?? new Set()).add(to));
  }
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) cycles.push([...path.slice(path.indexOf(name)), name].join(' -> '));
    else if (!done.has(name)) for (const next of reached.get(name) ?? []) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of reached.keys()) visit(name, []);
  return cycles;
}

describe('doors', () => {
  test.each([
    ['upstream/http/got-http.ts', 'got'],
    ['upstream/http/undici-agent.ts', 'undici'],
  ])('only %s imports %s', (door, name) => {
    const importers = imports
      .filter(({ specifier }) => packageOf(specifier) === name)
      .map(({ file }) => file);
    expect([...new Set(importers)]).toEqual([door]);
  });

  test('only the file that every command begins with reads process.env', () => {
    const readers = filesWith(
      /\bprocess\s*\.\s*env\b|\bprocess\s*\[|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'node:process'/,
    );
    expect(readers).toEqual(['cli/main.ts']);
  });

  test('generated code imports types only, and only graphql imports it', () => {
    const wrong = imports.filter(({ room, target, isTypeOnly }) =>
      room === 'generated' ? !isTypeOnly : target === 'generated' && room !== 'graphql',
    );
    expect(wrong).toEqual([]);
  });

  test('only app names a concrete provider', () => {
    const wrong = imports.filter(
      ({ room, target }) =>
        target?.startsWith('providers/') &&
        target !== 'providers/shared' &&
        room !== target &&
        room !== 'app',
    );
    expect(wrong).toEqual([]);
  });
});

describe('the reader of import lines', () => {
  test('sees every way to import', () => {
    const text = [
      "import { a } from '../../domain/a.ts';",
      "import type { B } from '../../ports/b.ts';",
      "import {\n  c,\n  type D,\n} from '../../data/pagination/c.ts';",
      "export { e } from './e.ts';",
      "import 'node:fs';",
      "const later = await import('../../sandbox/uqpay/index.ts');",
      "import got, { type Got } from 'got';",
    ].join('\n');
    expect(
      importsOf('providers/uqpay/x.ts', text).map(({ target, specifier }) => target ?? specifier),
    ).toEqual(['domain', 'ports', 'data/pagination', 'providers/uqpay', 'node:fs', 'got', 'sandbox']);
    expect(importsOf('app.ts', "import type { B } from './ports/b.ts';")).toMatchObject([
      { room: 'app', target: 'ports', isTypeOnly: true },
    ]);
  });
});
