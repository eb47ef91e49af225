import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The browser, where the system has one (Debian: `apt-get install chromium`); null otherwise. */
export const chromiumPath =
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  ) ?? null;

/** A page in a real browser without a window. */
export interface Page {
  /** Value of an expression in the page; waits when it is a promise. Rejects with what the page throws. */
  evaluate(expression: string): Promise<unknown>;
  /** Resolves once the expression is truthy; rejects after `timeoutMs`, with what the page complained of. */
  until(expression: string, timeoutMs?: number): Promise<void>;
  /** Sets the size of the window in pixels, and which colours the viewer likes. */
  emulate(options: { width: number; height: number; colours?: 'light' | 'dark' }): Promise<void>;
  /** Presses and releases a key, as `key` of a keyboard event names it. */
  press(key: string): Promise<void>;
  /** Cuts the page off from the network, or connects it again. */
  setOffline(isOffline: boolean): Promise<void>;
  /** What is on the screen, as PNG. */
  screenshot(): Promise<Buffer>;
  /** Bytes that came over the wire so far. */
  readonly receivedBytes: () => number;
  /** Errors of scripts, of the console and of refused loads. */
  readonly complaints: readonly string[];
  /** Requests to anything but the page's own origin and what it carries itself. */
  readonly foreignRequests: readonly string[];
  close(): Promise<void>;
}

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Opens `url`; the browser has a profile of its own, and knows no host but this machine. */
export async function openPage(path: string, url: string): Promise<Page> {
  const profile = await mkdtemp(join(tmpdir(), 'browser-'));
  const browser = spawn(path, [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--disable-extensions',
    '--disable-background-networking',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    'about:blank',
  ]);
  const socket = new WebSocket(await pageSocketUrl(browser));
  await once(socket, 'open');

  const waiting = new Map<number, (reply: Reply) => void>();
  const complaints: string[] = [];
  const foreignRequests: string[] = [];
  const { origin } = new URL(url);
  let receivedBytes = 0;
  let lastId = 0;
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply);
    const { params = {} } = reply;
    const text = JSON.stringify(params);
    if (reply.method === 'Runtime.exceptionThrown') complaints.push(text);
    if (reply.method === 'Runtime.consoleAPICalled' && params.type === 'error') complaints.push(text);
    if (reply.method === 'Log.entryAdded' && text.includes('"level":"error"')) complaints.push(text);
    if (reply.method === 'Network.loadingFinished') receivedBytes += Number(params.encodedDataLength);
    if (reply.method === 'Network.requestWillBeSent') {
      const { url: asked } = params.request as { readonly url: string };
      if (!asked.startsWith(origin) && !/^(data|blob|about):/.test(asked)) foreignRequests.push(asked);
    }
  });

  async function send(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    lastId += 1;
    const id = lastId;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    waiting.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params }));
    const { result = {}, error } = await promise;
    waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  async function evaluate(expression: string): Promise<unknown> {
    const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
    return (answer.result as { value?: unknown }).value;
  }

  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);
  await send('Page.navigate', { url });
  return {
    evaluate,
    async until(expression, timeoutMs = 20_000) {
      const deadline = Date.now() + timeoutMs;
      while ((await evaluate(`Boolean(${expression})`)) !== true) {
        if (Date.now() > deadline) {
          const text = await evaluate('document.body.innerText.slice(0, 800)');
          throw new Error(`Not seen: ${expression}\n${complaints.join('\n')}\n${text}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async emulate({ width, height, colours = 'light' }) {
      await send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: false,
      });
      const features = [{ name: 'prefers-color-scheme', value: colours }];
      await send('Emulation.setEmulatedMedia', { features });
    },
    async press(key) {
      const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
      const keyCodes: Record<string, number> = { Tab: 9, Enter: 13, Escape: 27, End: 35, Home: 36 };
      const windowsVirtualKeyCode = keyCodes[key] ?? key.charCodeAt(0);
      await send('Input.dispatchKeyEvent', { type: 'keyDown', key, code: key, text, windowsVirtualKeyCode });
      await send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode });
    },
    async setOffline(isOffline) {
      const limits = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
      await send('Network.emulateNetworkConditions', { offline: isOffline, ...limits });
    },
    async screenshot() {
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(String(data), 'base64');
    },
    receivedBytes: () => receivedBytes,
    complaints,
    foreignRequests,
    async close() {
      socket.close();
      browser.kill();
      if (browser.exitCode === null && browser.signalCode === null) await once(browser, 'exit');
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Chromium says on standard error where it can be spoken to. */
async function pageSocketUrl(browser: ChildProcess): Promise<string> {
  if (browser.stderr === null) throw new Error('The browser has no standard error.');
  for await (const line of createInterface(browser.stderr)) {
    const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
    if (port === undefined) continue;
    // Read on, or the browser stops when the pipe is full.
    browser.stderr.resume();
    const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    const page = pages.find(({ type }) => type === 'page');
    if (page !== undefined) return page.webSocketDebuggerUrl;
  }
  throw new Error('The browser ended before it could be spoken to.');
}
