/**
 * What was made of texts lately, for texts that come again and again and are dear to read. Holds at most `max` values
 * and then starts anew: which of them were used last is not worth knowing. A text cut out of a long one keeps all of
 * that in memory: whoever sets a value gives a text of its own.
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
