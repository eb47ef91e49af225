import type { Config } from '../config/config.ts';
import { type CompileOperation, loadCompiler } from '../graphql/execution/index.ts';
import type { ServerLog } from '../server/contract.ts';

/** Loads the compiler for operations. */
export interface OperationCompiler {
  /** Null until it is loaded; always null when compiled execution is off. */
  readonly current: () => CompileOperation | null;
  /** Loads it shortly after. If that fails, all operations continue to be interpreted. */
  loadSoon(): void;
  close(): Promise<void>;
}

/** Loading blocks the process for a tenth of a second, and the first callers do not need it. */
const loadedAfterMs = 500;

export function openOperationCompiler(
  { compiledExecution }: Pick<Config, 'compiledExecution'>,
  log: Pick<ServerLog, 'error'>,
): OperationCompiler {
  let compile: CompileOperation | null = null;
  let timer: NodeJS.Timeout | undefined;
  let loading: Promise<void> | null = null;

  async function load(): Promise<void> {
    try {
      compile = await loadCompiler();
    } catch (error) {
      log.error({ err: error }, 'the operation compiler cannot be loaded; all operations are interpreted');
    }
  }

  return {
    current: () => compile,
    loadSoon() {
      if (!compiledExecution) return;
      timer = setTimeout(() => {
        loading = load();
      }, loadedAfterMs);
      timer.unref();
    },
    async close() {
      clearTimeout(timer);
      await loading;
    },
  };
}
