import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of heap that `work` retains. */
export function heapKept(work: () => void): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  work();
  collectGarbage();
  return process.memoryUsage().heapUsed - before;
}

/** The text as a slice of one with a million characters, as a GraphQL parser finds it in a request. */
export function asPartOfLongText(text: string): string {
  const long = `${text}${' '.repeat(1_000_000)}`;
  return long.slice(0, text.length);
}
