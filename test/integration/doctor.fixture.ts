import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import type { Finding, Section } from '../../src/doctor/finding.ts';
import { examine } from '../../src/doctor/index.ts';
import { sectionLines } from '../../src/doctor/report-lines.ts';
import { type IbaneraSandboxOptions, startIbaneraSandbox } from '../../src/sandbox/ibanera/index.ts';
import { startNoahSandbox } from '../../src/sandbox/noah/index.ts';
import { startUqpaySandbox } from '../../src/sandbox/uqpay/index.ts';
import { systemClock } from '../../src/upstream/index.ts';

/** Options of a doctor run. */
export interface Visit {
  readonly newToken?: boolean;
  /** How far this machine's clock is off. */
  readonly clockAheadMs?: number;
}

/** The doctor's findings. */
export interface Report {
  readonly sections: readonly Section[];
  /** As printed for people. */
  readonly text: string;
  of(section: string): readonly Finding[];
}

export async function consult(env: Record<string, string>, visit: Visit = {}): Promise<Report> {
  const { newToken = false, clockAheadMs = 0 } = visit;
  const clock = { ...systemClock, now: () => Date.now() + clockAheadMs };
  const sections: Section[] = [];
  for await (const section of examine({ PORT: '0', ...env }, { clock, newToken })) sections.push(section);
  return {
    sections,
    text: sections.flatMap(sectionLines).join('\n'),
    of: (name) => sections.find((section) => section.name === name)?.findings ?? [],
  };
}

/** Level and first words of each finding that keeps a gateway from working. */
export function troubles(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ level }) => level === 'problem' || level === 'warning')
    .map(({ level, text }) => `${level} ${text}`);
}

/** A UQPAY sandbox, with the settings to read it and the calls it received. */
export async function openUqpay() {
  const sandbox = await startUqpaySandbox({ seed: 'empty', rateLimitPerMinute: null });
  const { baseUrl, clientId, apiKey, control, masterAccountId, close } = sandbox;
  for (const line of ['banking', 'issuing', 'payment'] as const) {
    control.setBalance(line, masterAccountId, 'USD', { available_balance: '987654.32' });
  }
  control.addAccount();
  return {
    control,
    close,
    env: { UQPAY_BASE_URL: baseUrl, UQPAY_CLIENT_ID: clientId, UQPAY_API_KEY: apiKey },
    paths: () => control.calls().map(({ path }) => path),
  };
}

export async function openIbanera(options: IbaneraSandboxOptions = {}) {
  const { baseUrl, username, password, totpSecret, control, close } = await startIbaneraSandbox(options);
  const env = {
    IBANERA_BASE_URL: baseUrl,
    IBANERA_USERNAME: username,
    IBANERA_PASSWORD: password,
    IBANERA_TOTP_SECRET: totpSecret,
  };
  return { control, close, env, paths: () => control.calls().map(({ path }) => path) };
}

export async function openNoah() {
  const { baseUrl, apiKey, signingKeyPem, control, close } = await startNoahSandbox();
  const env = { NOAH_BASE_URL: baseUrl, NOAH_API_KEY: apiKey, NOAH_SIGNING_KEY: signingKeyPem ?? '' };
  return { control, close, env };
}

/** A server that answers every request with the same body. */
export async function openAnswering(body: string, status = 200) {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** Just enough of a Redis for a client to connect, with a reply to `SET` that the test chooses. */
export async function openFakeRedis({ info, toSet }: { readonly info: string; readonly toSet: string }) {
  const replyTo = (command: string) => {
    if (command === 'INFO') return `$${info.length}\r\n${info}\r\n`;
    return command === 'SET' ? `${toSet}\r\n` : '+OK\r\n';
  };
  const server = createSocketServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const commands = bytes.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g);
      for (const [, name = ''] of commands) socket.write(replyTo(name.toUpperCase()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `redis://127.0.0.1:${port}`, close: () => server.close() };
}
