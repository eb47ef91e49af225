import type { Route } from '../../ports/upstream.ts';

/** The path of a call: the route's path, with percent-encoded values in place of its placeholders. */
export function routePath({ path }: Route, values: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_placeholder, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
}
