import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');

/** Whether a path of docs/examples is part of the project, and not written by npm or a compiler. */
export function isExample(path: string): boolean {
  return !/node_modules|__generated__|[\\/]gql(?:[\\/]|$)|client-schema\.graphql|package-lock/.test(
    path.replace(root, ''),
  );
}

/** A copy of docs/examples in a new directory, where tools may write. */
export interface Workshop {
  /** The copied examples. */
  readonly examples: string;
  /** Runs Node on a file (with arguments) there; resolves or, if it fails, rejects with its output. */
  node(folder: string, ...nodeArguments: readonly string[]): Promise<string>;
  /** Runs a command-line tool of node_modules there. */
  tool(folder: string, packageFile: string, ...toolArguments: readonly string[]): Promise<string>;
  /** Starts a program there that runs until it is stopped. */
  start(folder: string, command: string, ...commandArguments: readonly string[]): RunningProgram;
  write(file: string, text: string): void;
  close(): void;
}

/** A program that prints as long as it runs. */
export interface RunningProgram {
  /** The next line that it prints; rejects with all of its output once it has ended. */
  line(): Promise<string>;
  stop(): void;
}

export function openWorkshop(): Workshop {
  const directory = mkdtempSync(join(tmpdir(), 'clients-'));
  const examples = join(directory, 'examples');
  cpSync(join(root, 'docs/examples'), examples, { recursive: true, filter: (path) => isExample(path) });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  const node = (folder: string, ...nodeArguments: readonly string[]) =>
    new Promise<string>((resolve, reject) => {
      const options = { cwd: join(examples, folder), timeout: 60_000 };
      execFile(process.execPath, nodeArguments, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${nodeArguments.join(' ')}: ${stdout}${stderr}`));
      });
    });
  return {
    examples,
    node,
    tool: (folder, packageFile, ...toolArguments) =>
      node(folder, join(root, 'node_modules', packageFile), ...toolArguments),
    start: (folder, command, ...commandArguments) =>
      startProgram(command, commandArguments, join(examples, folder)),
    write: (file, text) => writeFileSync(join(examples, file), text),
    close: () => rmSync(directory, { recursive: true }),
  };
}

function startProgram(command: string, commandArguments: readonly string[], cwd: string): RunningProgram {
  // In its own process group, so that everything a shell has started ends with it.
  const started = spawn(command, commandArguments, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  started.stderr.on('data', (chunk) => (complaints += chunk));
  const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  return {
    async line() {
      const { done, value } = await lines.next();
      if (done) throw new Error(`It has ended: ${complaints}`);
      return value;
    },
    stop() {
      if (started.pid !== undefined && started.exitCode === null) process.kill(-started.pid, 'SIGKILL');
    },
  };
}
