import { formatGuide } from '../sandbox/guide.ts';
import { serveSandboxes } from '../sandbox/served.ts';
import { loadSandboxSettings, SandboxSettingsError } from '../sandbox/settings.ts';
import type { Env, Shell } from './shell.ts';
import { closeOnSignals } from './signals.ts';

/**
 * Serves the sandboxes until a signal ends the process; `flags` are variables set on the command line. Resolves with
 * the exit code when they cannot start.
 */
export async function sandbox({ env, parentPid }: Shell, flags: Env): Promise<number> {
  try {
    const settings = loadSandboxSettings({ ...env, ...flags });
    const sandboxes = await serveSandboxes(settings);
    closeOnSignals(env, parentPid, async () => {
      await Promise.all(sandboxes.map(({ close }) => close()));
    });
    process.stdout.write(formatGuide(sandboxes, settings.control));
    return 0;
  } catch (error) {
    const isExpected =
      error instanceof SandboxSettingsError || (error instanceof Error && 'syscall' in error);
    process.stderr.write(
      isExpected ? `The sandboxes cannot start: ${error.message}\n` : `${String(error)}\n`,
    );
    return 1;
  }
}
