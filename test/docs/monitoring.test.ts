// The Grafana dashboard and the alert rules: they parse, and every metric and label in them exists.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Kind and labels by name, from the table that is compared with the registry. */
const known = new Map(
  read('docs/operating.md')
    .split('\n')
    .filter((line) => line.startsWith('| `balances_gateway_'))
    .map((row) => row.split('|').map((cell) => cell.replaceAll('`', '').trim()))
    .map(([, name = '', kind = '', labels = '']) => [name, { kind, labels: labels.split(', ') }] as const),
);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** The rules of the file, which uses one format: a value on its line, or an expression in a block below. */
function parseRules(text: string): Rule[] {
  const [, ...parts] = text.split(/^ {6}- alert: /m);
  return parts.map((part) => {
    const fieldOf = (name: string) =>
      new RegExp(`^ {8,10}${name}: (?:\\|\\n((?: {10,}.*\\n)+)|"(.*)"$|(.*)$)`, 'm')
        .exec(part)
        ?.slice(1)
        .find((found) => found !== undefined)
        ?.trim() ?? '';
    const severity = /^ {8}labels: \{ severity: (\w+) \}$/m.exec(part)?.[1] ?? '';
    const [alert = ''] = part.split('\n');
    const annotations = { summary: fieldOf('summary'), description: fieldOf('description') };
    return { alert, expr: fieldOf('expr'), labels: { severity }, annotations };
  });
}

const rules = parseRules(read('deploy/prometheus/alerts.yaml'));
const dashboard = JSON.parse(read('deploy/grafana/balances-gateway.json'));
const shown: string[] = dashboard.panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
  targets.map(({ expr }) => expr),
);

function problemsOf(expression: string): string[] {
  const problems: string[] = [];
  if ((expression.match(/\(/g) ?? []).length !== (expression.match(/\)/g) ?? []).length)
    problems.push('parentheses');
  const names = [...expression.matchAll(/balances_gateway_\w+/g)].map(([name]) => name);
  if (names.length === 0) problems.push('no metric');
  const labels = names.flatMap((name) => {
    const metric = known.get(name) ?? known.get(name.replace(/_(bucket|sum|count)$/, ''));
    if (metric === undefined) problems.push(`${name} does not exist`);
    if (/_bucket$/.test(name) !== (metric?.kind === 'histogram')) problems.push(`${name} is of another kind`);
    return metric?.labels ?? [];
  });
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '));
  const selected = [...expression.matchAll(/[{,](\w+)(?:=|!=|=~|!~)"/g)].map(([, label = '']) => label);
  for (const label of [...grouped, ...selected]) {
    if (label !== 'le' && !labels.includes(label)) problems.push(`${label} is no label`);
  }
  return problems;
}

describe('alert rules', () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s',
    (_name, { expr, labels, annotations }) => {
      expect(problemsOf(expr)).toEqual([]);
      expect(labels.severity).toMatch(/^(warning|critical)$/);
      expect(annotations.summary).toMatch(/\.$/);
      expect(annotations.description).toMatch(/\.$/);
      expect(annotations.description.match(/balances_gateway_\w+/g) ?? []).toEqual(
        (annotations.description.match(/balances_gateway_\w+/g) ?? []).filter((name) => known.has(name)),
      );
    },
  );

  test('no two have the same name', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThan(5);
  });
});

test('the dashboard shows only metrics that exist, each panel with a title and what it means', () => {
  expect(
    shown.map((expr) => [expr, problemsOf(expr)]).filter(([, problems]) => problems?.length !== 0),
  ).toEqual([]);
  for (const { title, description } of dashboard.panels) {
    expect(title).not.toBe('');
    expect(description).toMatch(/\.$/);
  }
});

test('control: a metric or label that does not exist is found', () => {
  expect(problemsOf('rate(balances_gateway_nothing[5m])')).toContain(
    'balances_gateway_nothing does not exist',
  );
  expect(problemsOf('sum by (color) (balances_gateway_redis_up)')).toEqual(['color is no label']);
  expect(problemsOf('balances_gateway_answer_age_seconds')).toHaveLength(1);
});

describe('manifests for more pods', () => {
  const deployment = read('deploy/kubernetes/deployment.yaml');

  test('REPLICAS leaves room for a rolling update of all pods that the autoscaler may start', () => {
    const autoscaler = read('deploy/kubernetes/autoscaler.yaml');
    const numberIn = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);
    const replicas = numberIn(read('deploy/kubernetes/gateway.env'), /^REPLICAS=(\d+)$/m);
    const most = numberIn(autoscaler, /^ {2}maxReplicas: (\d+)$/m);
    expect(replicas).toBe(most + numberIn(deployment, /maxSurge: (\d+)/));
    expect(autoscaler).toContain('{ apiVersion: apps/v1, kind: Deployment, name: balances-gateway }');
  });

  test('the PodMonitor scrapes the metrics port of the Deployment', () => {
    const monitor = read('deploy/kubernetes-operator/pod-monitor.yaml');
    expect(monitor).toContain('- { port: metrics, path: /metrics, interval: 15s }');
    expect(monitor).toContain('matchLabels: { app.kubernetes.io/name: balances-gateway }');
    expect(deployment).toContain('{ name: metrics, containerPort: 9464 }');
  });
});
