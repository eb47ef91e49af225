import {
  type IbaneraSandbox,
  type IbaneraSandboxOptions,
  startIbaneraSandbox,
} from '../../../src/sandbox/ibanera/index.ts';

export const loginPath = '/api/v1/public/auth/login';
export const balancesPath = '/api/v1/customer/accounts/balances';
export const transactionsPath = '/api/v1/customer/accounts/transactions';

/** A reply as it was received. */
export interface Reply {
  readonly status: number;
  /** The body as sent, digit for digit. */
  readonly text: string;
  readonly json: Record<string, unknown> | null;
}

/** A sandbox with its own clock, and a client that connects to it over a socket. */
export interface Bench {
  readonly sandbox: IbaneraSandbox;
  readonly clock: { nowMs: number };
  /** A login, by default with the right credentials. */
  login(fields?: Record<string, unknown>): Promise<Reply>;
  /** Logs in and uses the token from now on. */
  open(): Promise<void>;
  /** A GET with token and current code; headers with null are left out. */
  get(pathAndQuery: string, headers?: Record<string, string | null>): Promise<Reply>;
}

/** Runs `body` against a fresh sandbox without rows and closes it. */
export async function withBench(
  options: IbaneraSandboxOptions,
  body: (bench: Bench) => Promise<void>,
): Promise<void> {
  // The start of a step of the one-time codes.
  const clock = { nowMs: 1_800_000_000_000 };
  const sandbox = await startIbaneraSandbox({ seed: 'empty', now: () => clock.nowMs, ...options });
  const { baseUrl, username, password, control } = sandbox;
  let token = '';
  const login: Bench['login'] = async (fields = {}) => {
    const text = JSON.stringify({ username, password, otp: control.currentCode(), ...fields });
    return toReply(await fetch(`${baseUrl}${loginPath}`, { method: 'POST', body: text }));
  };
  try {
    await body({
      sandbox,
      clock,
      login,
      async open() {
        const details = (await login()).json?.details as { accessToken: string };
        token = details.accessToken;
      },
      async get(pathAndQuery, headers = {}) {
        const all = { authorization: `Bearer ${token}`, otp: control.currentCode(), ...headers };
        const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
        return toReply(await fetch(`${baseUrl}${pathAndQuery}`, { headers: sent }));
      },
    });
  } finally {
    await sandbox.close();
  }
}

async function toReply(response: Response): Promise<Reply> {
  const text = await response.text();
  let json: Reply['json'] = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Not every refusal is JSON.
  }
  return { status: response.status, text, json };
}

/** `messageCode` of each error of an envelope. */
export function codesOf(reply: Reply): unknown[] {
  const errors = reply.json?.errors;
  return Array.isArray(errors) ? errors.map(({ messageCode }) => messageCode) : [];
}
