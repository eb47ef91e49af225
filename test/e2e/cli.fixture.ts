// Commands of the real process, in a new folder: a developer's .env must not affect the tests.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end; the code of a process ended by a signal is -1. */
export function runToEnd(
  file: string,
  commandArguments: readonly string[],
  options: { readonly cwd: string; readonly env?: Record<string, string>; readonly input?: string },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      commandArguments,
      { cwd: options.cwd, env: options.env ?? {}, encoding: 'utf8', maxBuffer: 64_000_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
    child.stdin?.end(options.input ?? '');
  });
}

/** A folder for one test, and the gateway's commands in it. */
export function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'));
  return {
    folder,
    run: (
      commandArguments: readonly string[],
      options: { env?: Record<string, string>; input?: string } = {},
    ) =>
      runToEnd(process.execPath, [join(root, 'src/main.ts'), ...commandArguments], {
        ...options,
        cwd: folder,
      }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
