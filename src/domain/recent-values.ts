/**
 * A small cache by text, for repeated texts that are expensive to parse. Holds at most `max` values and is then
 * cleared: tracking recent use is not worth its cost. Do not use a slice of a long string as key, because it keeps the
 * whole string in memory.
 */
export class RecentValues<Value> {
  private readonly values = new Map<string, Value>();
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  get(text: string): Value | undefined {
    return this.values.get(text);
  }

  set(text: string, value: Value): void {
    if (this.values.size >= this.max) this.values.clear();
    this.values.set(text, value);
  }
}
