import { formatUqpayGuide } from './guide.ts';
import { loadSandboxSettings, SandboxSettingsError } from './settings.ts';
import { startUqpaySandbox } from './uqpay/index.ts';

try {
  const settings = loadSandboxSettings(process.env);
  const sandbox = await startUqpaySandbox(settings.uqpay);
  process.stdout.write(formatUqpayGuide(sandbox, settings.uqpay.control));
  const stop = () => {
    sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  const isExpected = error instanceof SandboxSettingsError || (error instanceof Error && 'syscall' in error);
  process.stderr.write(isExpected ? `The sandbox cannot start: ${error.message}\n` : `${String(error)}\n`);
  process.exitCode = 1;
}
