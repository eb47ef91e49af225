/** What is known of a process before it has loaded anything. */
export interface ProcessStart {
  /** Memory that the container allows; 0 or more than there is where nothing limits it. */
  readonly memoryBytes: number;
  /** Node's own options, from the command line and from NODE_OPTIONS. */
  readonly nodeOptions: readonly string[];
}

/** From here on V8 chooses a young generation by itself that is large enough. */
const memoryBytesEnough = 2 ** 30;
const semiSpaceMiB = 16;

/**
 * Node's options for a container with little memory. V8 gives the young generation of such a process 2 to 6 MB: the rows of
 * an answer outlive it, and are then collected with the old generation, for two to three times the CPU
 * (docs/operating.md). Empty where there is memory enough, and where somebody has chosen a size.
 */
export function youngGenerationOptions({ memoryBytes, nodeOptions }: ProcessStart): readonly string[] {
  const isChosen = nodeOptions.some((option) => /semi[-_]space/.test(option));
  const isSmall = memoryBytes > 0 && memoryBytes < memoryBytesEnough;
  return isSmall && !isChosen ? [`--max-semi-space-size=${semiSpaceMiB}`] : [];
}

/**
 * Starts Node anew in this very process, with the options that the container's memory asks for: V8 takes them at its start
 * only. Returns where there is nothing to change, where the system cannot do it (Windows), and where a parent process talks
 * to this one.
 */
export function fitYoungGeneration(): void {
  const { execArgv, argv, env } = process;
  const nodeOptions = [...execArgv, env.NODE_OPTIONS ?? ''];
  const added = youngGenerationOptions({ memoryBytes: process.constrainedMemory(), nodeOptions });
  if (added.length === 0 || process.execve === undefined || process.send !== undefined) return;
  process.execve(process.execPath, [process.execPath, ...added, ...execArgv, ...argv.slice(1)], env);
}
