/**
 * A map whose keys have several parts, the same number in each key. Joining the parts would create and hash a new
 * string for every lookup.
 */
export class PartMap<Value> {
  private readonly root = new Map<string, unknown>();

  get(...parts: readonly string[]): Value | undefined {
    if (parts.length === 0) return this.root.get('') as Value | undefined;
    let found: unknown = this.root;
    for (const part of parts) {
      found = (found as ReadonlyMap<string, unknown>).get(part);
      if (found === undefined) return undefined;
    }
    return found as Value;
  }

  set(value: Value, ...parts: readonly string[]): Value {
    let map = this.root;
    for (const part of parts.slice(0, -1)) {
      const next = (map.get(part) as Map<string, unknown> | undefined) ?? new Map<string, unknown>();
      map.set(part, next);
      map = next;
    }
    map.set(parts.at(-1) ?? '', value);
    return value;
  }
}
