import type { Route } from '../../ports/upstream.ts';

/** The path of a call: a route's, with values in place of its placeholders, percent-encoded. */
export function routePath({ path }: Route, values: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_placeholder, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
}
