import type { Route } from '../../ports/upstream.ts';

/** The path of a call: the route's path, with percent-encoded values in place of its placeholders (`{name}`). */
export function routePath({ path }: Route, values: Readonly<Record<string, string>> = {}): string {
  const [start = '', ...rest] = path.split('{');
  return rest.reduce((text, part) => {
    const [name = '', after = ''] = part.split('}');
    return `${text}${encodeURIComponent(values[name] ?? '')}${after}`;
  }, start);
}
