import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

type Members = Readonly<Record<string, unknown>>;

/** A running headless browser, controlled over the Chrome DevTools Protocol. */
export interface DevTools {
  /** Sends a command to the browser, or to the page with this session. Rejects with the browser's error. */
  send(method: string, params?: object, sessionId?: string): Promise<Members>;
  /** Calls `listener` with each event of this session. */
  onEvent(sessionId: string, listener: (method: string, params: Members) => void): void;
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Members;
  readonly result?: Members;
  readonly error?: { readonly message: string };
}

/** Starts the browser with a new profile. It can reach no host but this machine. */
export async function startDevTools(path: string): Promise<DevTools> {
  const profile = await mkdtemp(join(tmpdir(), 'browser-'));
  const browser = spawn(path, [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--disable-extensions',
    '--disable-background-networking',
    '--lang=en-US',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    'about:blank',
  ]);
  const socket = new WebSocket(await socketUrlOf(browser));
  await once(socket, 'open');

  const waiting = new Map<number, (message: Message) => void>();
  const listeners = new Map<string, (method: string, params: Members) => void>();
  let lastId = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    const { id, sessionId = '', method = '', params = {} } = message;
    if (id === undefined) listeners.get(sessionId)?.(method, params);
    else waiting.get(id)?.(message);
  });

  return {
    async send(method, params = {}, sessionId) {
      lastId += 1;
      const id = lastId;
      const { promise, resolve } = Promise.withResolvers<Message>();
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params, sessionId }));
      const { result = {}, error } = await promise;
      waiting.delete(id);
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result;
    },
    onEvent(sessionId, listener) {
      listeners.set(sessionId, listener);
    },
    async close() {
      socket.close();
      browser.kill();
      if (browser.exitCode === null && browser.signalCode === null) await once(browser, 'exit');
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Chromium prints its DevTools address to standard error. */
async function socketUrlOf(browser: ChildProcess): Promise<string> {
  if (browser.stderr === null) throw new Error('The browser has no standard error.');
  for await (const line of createInterface(browser.stderr)) {
    const url = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    // Keep reading, or the browser blocks when the pipe is full.
    browser.stderr.resume();
    return url;
  }
  throw new Error('The browser ended before it could be spoken to.');
}
