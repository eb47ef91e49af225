/** What is known about a process before it has loaded anything. */
export interface ProcessStart {
  /** Memory that the container allows; 0, or more than the machine has, when it sets no limit. */
  readonly memoryBytes: number;
  /** Node's own options, from the command line and from NODE_OPTIONS. */
  readonly nodeOptions: readonly string[];
}

/** From this much memory on, V8 chooses a large enough young generation by itself. */
const memoryBytesEnough = 2 ** 30;
const semiSpaceMiB = 16;

/**
 * Node's options for a container with little memory. There V8 limits the young generation to 2 to 6 MB. The rows of an
 * answer outlive that and are then collected with the old generation, at two to three times the CPU
 * (docs/operating.md). Empty when there is enough memory or the size is already set.
 */
export function youngGenerationOptions({ memoryBytes, nodeOptions }: ProcessStart): readonly string[] {
  const isChosen = nodeOptions.some((option) => /semi[-_]space/.test(option));
  const isSmall = memoryBytes > 0 && memoryBytes < memoryBytesEnough;
  return isSmall && !isChosen ? [`--max-semi-space-size=${semiSpaceMiB}`] : [];
}

/**
 * Restarts Node within this process, with the options that the container's memory requires, because V8 reads them only
 * at its start. Returns when nothing has to change, when the system cannot do this (Windows), and when a parent process
 * communicates with this one.
 */
export function fitYoungGeneration(): void {
  const { execArgv, argv, env } = process;
  const nodeOptions = [...execArgv, env.NODE_OPTIONS ?? ''];
  const added = youngGenerationOptions({ memoryBytes: process.constrainedMemory(), nodeOptions });
  if (added.length === 0 || process.execve === undefined || process.send !== undefined) return;
  process.execve(process.execPath, [process.execPath, ...added, ...execArgv, ...argv.slice(1)], env);
}
