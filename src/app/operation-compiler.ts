import type { Config } from '../config/config.ts';
import { type CompileOperation, loadCompiler } from '../graphql/execution/index.ts';
import type { ServerLog } from '../server/contract.ts';

/** What compiles operations, once it is there. */
export interface OperationCompiler {
  /** Null until it is loaded; for ever where nothing is to be compiled. */
  readonly current: () => CompileOperation | null;
  /** Loads it soon, unless that fails: then everything goes on to be interpreted. */
  loadSoon(): void;
  close(): Promise<void>;
}

/** Loading holds up the process for a tenth of a second: the first callers need not wait for what they do not use. */
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
      log.error({ err: error }, 'what compiles operations cannot be loaded; all are interpreted');
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
