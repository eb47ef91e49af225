// Which manifests of operations are accepted, and the errors for the others.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkListedOperations } from '../../../src/app/check-operations.ts';
import { homePage, startUpLines } from '../../../src/app/start-up-lines.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'manifest-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const body = 'query Codes { providers { code } }';
const operation = { id: hash('sha256', body), name: 'Codes', type: 'query', body };
const apollo = (...operations: object[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
});

function configOf(manifest: unknown, env: Record<string, string> = {}) {
  const path = join(directory, 'manifest.json');
  writeFileSync(path, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  return loadConfig({ PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_MANIFEST: path, ...env });
}

const listed = { mode: 'only', operations: [{ id: operation.id, name: 'Codes', text: body }] };

test('Apollo writes a list with sha256, or with custom ids', () => {
  expect(configOf(apollo(operation)).persisted).toEqual(listed);
  expect(configOf(apollo({ ...operation, clientName: null })).persisted).toEqual(listed);
  expect(configOf(apollo({ ...operation, id: 'codes-v1' })).persisted).toMatchObject({
    operations: [{ id: 'codes-v1' }],
  });
});

test('Relay writes a map, with md5 unless configured otherwise', () => {
  for (const algorithm of ['md5', 'sha1', 'sha256']) {
    const id = hash(algorithm, body);
    const operations = [{ id, name: null, text: body }];
    expect(configOf({ [id]: body }).persisted).toEqual({ mode: 'only', operations });
  }
});

test.each<[string, unknown, string]>([
  ['no JSON', '{', 'names a file that is not JSON'],
  ['another format', { ...apollo(operation), format: 'x' }, 'names a file that is neither'],
  ['another version', { ...apollo(operation), version: 2 }, 'names a file that is neither'],
  ['a list', [operation], 'names a file that is neither'],
  ['no operation', apollo(), 'names a file that is neither'],
  ['an empty map', {}, 'names a file that is neither'],
  ['an operation without text', apollo({ ...operation, body: undefined }), 'names a file that is neither'],
  ['a hash of another text', apollo({ ...operation, body: `${body} ` }), 'is not the sha256 of its text'],
  ['a Relay hash of another text', { [hash('md5', 'x')]: body }, 'is not the md5 of its text'],
  ['one id twice', apollo(operation, operation), 'names a file with two operations of the id'],
  ['too much', 'x'.repeat(4_194_305), 'at most 4194304 bytes'],
])('a manifest with %s is refused', (_what, manifest, problem) => {
  expect(() => configOf(manifest)).toThrow(`PERSISTED_OPERATIONS_MANIFEST`);
  expect(() => configOf(manifest)).toThrow(problem);
});

test('a missing file, a folder, and contradictory variables', () => {
  const problemsOf = (env: Record<string, string>) => () => loadConfig(env);
  const only = { PERSISTED_OPERATIONS: 'only' };
  for (const path of [join(directory, 'nowhere.json'), directory]) {
    expect(problemsOf({ ...only, PERSISTED_OPERATIONS_MANIFEST: path })).toThrow('that can be read');
  }
  expect(problemsOf(only)).toThrow('PERSISTED_OPERATIONS_MANIFEST must be set');
  expect(problemsOf({ PERSISTED_OPERATIONS_MANIFEST: 'x.json' })).toThrow('PERSISTED_OPERATIONS is not only');
  expect(problemsOf({ PERSISTED_OPERATIONS: 'on' })).toThrow('must be one of apq, off, only; it is "on"');
  expect(() => configOf(apollo(operation), { EXPLORER: 'on' })).toThrow('EXPLORER must not be on');
});

test.each([
  ['a syntax error', 'query A { providers {', 'Syntax Error'],
  ['a field that is not there', 'query A { providers { codes } }', 'Cannot query field "codes"'],
  ['a mutation', 'mutation A { x }', 'There is no mutation in this schema.'],
  ['too many aliases', `query A { ${'a: __typename '.repeat(101)} }`, 'MAX_QUERY_ALIASES allows 100'],
  [
    'too much cost',
    'query A { accounts(first: 100) { nodes { transactions(first: 100) { nodes { account { balances(first: 100) { nodes { id } } } } } } } }',
    'MAX_QUERY_COST',
  ],
  ['introspection while it is off', 'query A { __schema { queryType { name } } }', 'INTROSPECTION is off'],
])('an operation with %s is reported at start, by name', (_what, text, problem) => {
  const wrong = { id: hash('sha256', text), name: 'A', body: text };
  const config = configOf(apollo(operation, wrong), { INTROSPECTION: 'off' });
  const said = () => checkListedOperations(config);
  expect(said).toThrow(problem);
  expect(said).toThrow('PERSISTED_OPERATIONS_MANIFEST has an operation that cannot run, A: ');
});

test('a manifest of another schema is reported in a few lines', () => {
  const wrong = Array.from({ length: 30 }, (_, index) => ({
    id: `id-${index}`,
    name: `Q${index}`,
    body: '{ nope }',
  }));
  expect(() => checkListedOperations(configOf(apollo(...wrong)))).toThrow('has 20 more of them');
});

test('an operation whose cost depends on variables is checked when it is sent', () => {
  const text = 'query A($n: Int!) { transactions(first: $n) { nodes { id } } }';
  checkListedOperations(configOf(apollo({ id: 'a', name: 'A', body: text })));
});

test('no example that cannot run is suggested', () => {
  const url = 'http://127.0.0.1:4000/graphql';
  const config = configOf(apollo(operation));
  expect(config.explorer).toBe(false);
  const lines = startUpLines(config, url).join('\n');
  expect(lines).toContain('Allowed   1 operation of PERSISTED_OPERATIONS_MANIFEST, nothing else');
  expect(lines).toContain(
    `-d '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${operation.id}"}}}'`,
  );
  expect(lines).not.toContain('studio');
  expect(homePage(config, url)).not.toContain('A query to start with');
});
