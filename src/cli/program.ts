import { Command, InvalidArgumentError } from 'commander';
import { packageVersion } from '../app/package-version.ts';
import { exitCodes } from './exit-codes.ts';
import type { ExportOptions } from './export.ts';
import type { OperationOptions } from './operation-input.ts';
import type { Shell } from './shell.ts';

const examples = `
Examples:
  balances-gateway                              serve the API at http://127.0.0.1:4000/graphql
  balances-gateway --port 5000                  the same on another port
  balances-gateway doctor                       check settings, credentials and providers
  balances-gateway query '{ accounts(first: 3) { nodes { name country } } }'

Settings come from environment variables and a file .env: docs/configuration.md lists them. Exit codes: 0 when it
worked, 1 when it did not, 2 when the command line cannot be understood.`;

/** Creates all commands. What a command needs is loaded when it runs, so that the others start without it. */
export function createProgram(shell: Shell): Command {
  const program = new Command('balances-gateway')
    .description(
      'One read-only GraphQL API over accounts, balances and transactions at UQPAY, Ibanera and NOAH.',
    )
    .version(packageVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', examples)
    .showSuggestionAfterError()
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitCodes.usage));
  addStart(program, shell);
  addDoctor(program, shell);
  addQuery(program, shell);
  addExplain(program, shell);
  addExport(program, shell);
  addMcp(program, shell);
  addSandbox(program, shell);
  return program;
}

function addStart(program: Command, shell: Shell): void {
  const start = program
    .command('start', { isDefault: true })
    .description('serve the gateway (the default without a verb)')
    .option('-p, --port <number>', 'port to listen on, in place of PORT (4000)')
    .option('--host <address>', 'address to listen on, in place of HOST (127.0.0.1)')
    .argument('[verb]')
    .action(async (verb: string | undefined, { port, host }: { port?: string; host?: string }) => {
      if (verb !== undefined) return refuseVerb(program, verb);
      const { start } = await import('./start.ts');
      await start(shell, given({ PORT: port, HOST: host }));
    });
  // The argument exists only to be refused by name, so the usage omits it.
  start.usage('[options]');
}

function addDoctor(program: Command, shell: Shell): void {
  program
    .command('doctor')
    .description('check settings, credentials and the connection to each provider, and say what to fix')
    .option('--json', 'the report as JSON')
    .option('--new-token', 'also request a token, which may invalidate that of a running gateway')
    .action(async ({ json = false, newToken = false }: { json?: boolean; newToken?: boolean }) => {
      const { doctor } = await import('./doctor.ts');
      process.exitCode = await doctor(shell.env, { json, newToken });
    });
}

function addQuery(program: Command, shell: Shell): void {
  program
    .command('query')
    .description('run one GraphQL operation and print the answer')
    .argument('<operation>', 'text of the operation, a file that contains it, or - for standard input')
    .option('--variables <json>', 'variables as JSON, or a file that contains it')
    .option('--operation-name <name>', 'which operation of the document to run')
    .option('--format <format>', 'table or json; table on a terminal, json in a pipe')
    .option('--url <endpoint>', 'query a running gateway, with the credential in CREDENTIAL')
    .addHelpText('after', queryNotes)
    .action(async (operation: string, options: OperationOptions) => {
      const { query } = await import('./query.ts');
      process.exitCode = await query(shell.env, operation, options);
    });
}

const queryNotes = `
Without --url the command reads the providers itself, with the settings, limits and call budget of a gateway. With
--url, CREDENTIAL in the environment is sent as a Bearer token. The exit code is 1 when the answer has errors; what
data there is, is printed nevertheless.`;

function addExplain(program: Command, shell: Shell): void {
  program
    .command('explain')
    .description('print the calls that an operation would make to the providers, without making them')
    .argument('<operation>', 'text of the operation, a file that contains it, or - for standard input')
    .option('--variables <json>', 'variables as JSON, or a file that contains it')
    .option('--operation-name <name>', 'which operation of the document to explain')
    .option('--format <format>', 'table or json; lines on a terminal, json in a pipe')
    .option('--url <endpoint>', 'query a running gateway, with the credential in CREDENTIAL')
    .action(async (operation: string, options: OperationOptions) => {
      const { explain } = await import('./explain.ts');
      process.exitCode = await explain(shell.env, operation, options);
    });
}

function addExport(program: Command, shell: Shell): void {
  program
    .command('export')
    .description('write transactions or balances as a file (docs/export.md)')
    .argument('<what>', 'transactions or balances')
    .option('--format <format>', 'csv or ndjson', 'csv')
    .option('-o, --output <file>', 'file to write; standard output without it')
    .option('-w, --where <name=value>', 'a parameter such as ledgers=BANKING; may be repeated', collect, [])
    .option('--url <endpoint>', 'query a running gateway, with the credential in CREDENTIAL')
    .action(async (what: string, options: ExportOptions) => {
      const { exportFile } = await import('./export.ts');
      process.exitCode = await exportFile(shell.env, what, options);
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function addMcp(program: Command, shell: Shell): void {
  program
    .command('mcp')
    .description('serve AI agents over standard input and output (Model Context Protocol)')
    .option('--url <endpoint>', 'read through a running gateway, with the credential in CREDENTIAL')
    .action(async (options: { url?: string }) => {
      const { mcp } = await import('./mcp.ts');
      process.exitCode = await mcp(shell.env, options);
    });
}

function addSandbox(program: Command, shell: Shell): void {
  program
    .command('sandbox')
    .description('serve sandboxes of the three providers, with invented data')
    .option('-p, --port <number>', 'port of the first, in place of SANDBOX_PORT (4100); the others follow')
    .option('--latency-ms <number>', 'delay of every reply, in place of SANDBOX_LATENCY_MS (0)', wholeNumber)
    .option('--control', 'serve the control interface, as SANDBOX_CONTROL=1 does')
    .option('--activity', 'let the data change by itself, as SANDBOX_ACTIVITY=on does')
    .option(
      '--webhooks-url <url>',
      'send webhooks to this URL and the provider, as SANDBOX_WEBHOOKS_URL does',
    )
    .action(async ({ port, latencyMs, control, activity, webhooksUrl }: SandboxFlags) => {
      const { sandbox } = await import('./sandbox.ts');
      const flags = {
        SANDBOX_PORT: port,
        SANDBOX_LATENCY_MS: latencyMs,
        SANDBOX_CONTROL: control ? '1' : undefined,
        SANDBOX_ACTIVITY: activity ? 'on' : undefined,
        SANDBOX_WEBHOOKS_URL: webhooksUrl,
      };
      process.exitCode = await sandbox(shell, given(flags));
    });
}

interface SandboxFlags {
  readonly port?: string;
  readonly latencyMs?: string;
  readonly control?: boolean;
  readonly activity?: boolean;
  readonly webhooksUrl?: string;
}

function wholeNumber(text: string): string {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return text;
}

function given(flags: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(flags).filter((flag): flag is [string, string] => flag[1] !== undefined),
  );
}

/** Refuses an unknown command, which commander passes to the default command. */
function refuseVerb(program: Command, verb: string): never {
  const verbs = program.commands.map((command) => command.name()).join(', ');
  program.error(`error: ${JSON.stringify(verb)} is not a command of the gateway. The commands are ${verbs}.`);
}
