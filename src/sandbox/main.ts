import { formatGuide } from './guide.ts';
import { serveSandboxes } from './served.ts';
import { loadSandboxSettings, SandboxSettingsError } from './settings.ts';

try {
  const settings = loadSandboxSettings(process.env);
  const sandboxes = await serveSandboxes(settings);
  process.stdout.write(formatGuide(sandboxes, settings.control));
  const stop = () => {
    Promise.all(sandboxes.map((sandbox) => sandbox.close())).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  const isExpected = error instanceof SandboxSettingsError || (error instanceof Error && 'syscall' in error);
  process.stderr.write(isExpected ? `The sandboxes cannot start: ${error.message}\n` : `${String(error)}\n`);
  process.exitCode = 1;
}
