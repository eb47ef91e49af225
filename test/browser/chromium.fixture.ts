import { existsSync } from 'node:fs';
import { startDevTools } from './devtools.fixture.ts';

/** The browser, if the system has one (Debian: `apt-get install chromium`); null otherwise. */
export const chromiumPath =
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  ) ?? null;

/** A real headless browser. */ export interface Browser {
  /** Opens `url` in a page of 1280 by 900 pixels, with its own storage and cache. */
  openPage(url: string): Promise<Page>;
  close(): Promise<void>;
}

/** A page in a real headless browser. */
export interface Page {
  /** The value of an expression in the page; awaits a promise. Rejects with the page's exception. */
  evaluate(expression: string): Promise<unknown>;
  /** Resolves once the expression is truthy; rejects after `timeoutMs`, with the errors that the page reported. */
  until(expression: string, timeoutMs?: number): Promise<void>;
  /** Sets the size of the window in pixels, and the preferred colour scheme. */
  emulate(options: { width: number; height: number; colours?: 'light' | 'dark' }): Promise<void>;
  /** Presses and releases keys one after another, by the `key` of keyboard events; also `Shift+Tab`. */
  press(...keys: readonly string[]): Promise<void>;
  /** Disconnects the page from the network, or reconnects it. */
  setOffline(isOffline: boolean): Promise<void>;
  /** A screenshot as PNG. */
  screenshot(): Promise<Buffer>;
  /** Bytes received so far. */
  readonly receivedBytes: () => number;
  /** Errors of scripts, of the console and of refused loads. */
  readonly complaints: readonly string[];
  /** Requests to anything but the page's own origin and its embedded data. */
  readonly foreignRequests: readonly string[];
  close(): Promise<void>;
}

/** Starts the browser at `path`; it can reach no host but this machine. */
export async function startBrowser(path: string): Promise<Browser> {
  const devTools = await startDevTools(path);
  return {
    async openPage(url) {
      const { browserContextId } = await devTools.send('Target.createBrowserContext');
      const { targetId } = await devTools.send('Target.createTarget', {
        url: 'about:blank',
        browserContextId,
      });
      const attached = await devTools.send('Target.attachToTarget', { targetId, flatten: true });
      const sessionId = String(attached.sessionId);
      const seen = noteEvents(new URL(url).origin);
      devTools.onEvent(sessionId, seen.note);
      const send = (method: string, params: object = {}) => devTools.send(method, params, sessionId);
      const page = createPage(send, seen.complaints);
      await Promise.all(['Page', 'Runtime', 'Log', 'Network'].map((domain) => send(`${domain}.enable`)));
      await page.emulate({ width: 1280, height: 900 });
      await send('Page.navigate', { url });
      return {
        ...page,
        receivedBytes: seen.receivedBytes,
        complaints: seen.complaints,
        foreignRequests: seen.foreignRequests,
        close: async () => {
          await devTools.send('Target.disposeBrowserContext', { browserContextId });
        },
      };
    },
    close: devTools.close,
  };
}

/** What the page reports and requests by itself. */
function noteEvents(origin: string) {
  const complaints: string[] = [];
  const foreignRequests: string[] = [];
  let receivedBytes = 0;
  return {
    complaints,
    foreignRequests,
    receivedBytes: () => receivedBytes,
    note(method: string, params: Readonly<Record<string, unknown>>) {
      const text = JSON.stringify(params);
      if (method === 'Runtime.exceptionThrown') complaints.push(text);
      if (method === 'Runtime.consoleAPICalled' && params.type === 'error') complaints.push(text);
      if (method === 'Log.entryAdded' && text.includes('"level":"error"')) complaints.push(text);
      if (method === 'Network.loadingFinished') receivedBytes += Number(params.encodedDataLength);
      if (method === 'Network.requestWillBeSent') {
        const { url } = params.request as { readonly url: string };
        if (!url.startsWith(origin) && !/^(data|blob|about):/.test(url)) foreignRequests.push(url);
      }
    },
  };
}

const keyCodes: Readonly<Record<string, number>> = {
  Tab: 9,
  Enter: 13,
  Escape: 27,
  PageUp: 33,
  PageDown: 34,
  End: 35,
  Home: 36,
  ArrowUp: 38,
  ArrowDown: 40,
};
const shiftModifier = 8;

function createPage(
  send: (method: string, params?: object) => Promise<Readonly<Record<string, unknown>>>,
  complaints: readonly string[],
) {
  async function evaluate(expression: string): Promise<unknown> {
    const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
    return (answer.result as { value?: unknown }).value;
  }

  return {
    evaluate,
    async until(expression, timeoutMs = 20_000) {
      const deadline = Date.now() + timeoutMs;
      while ((await evaluate(`Boolean(${expression})`)) !== true) {
        if (Date.now() > deadline) {
          const text = await evaluate('document.body.innerText.slice(0, 800)');
          throw new Error(`Not seen: ${expression}\n${complaints.join('\n')}\n${text}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
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
    async press(...keys) {
      for (const pressed of keys) {
        const key = pressed.replace('Shift+', '');
        const common = {
          key,
          code: key,
          windowsVirtualKeyCode: keyCodes[key] ?? key.charCodeAt(0),
          modifiers: key === pressed ? 0 : shiftModifier,
        };
        const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
        await send('Input.dispatchKeyEvent', { ...common, type: 'keyDown', text });
        await send('Input.dispatchKeyEvent', { ...common, type: 'keyUp' });
      }
    },
    async setOffline(isOffline) {
      const limits = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
      await send('Network.emulateNetworkConditions', { offline: isOffline, ...limits });
    },
    async screenshot() {
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(String(data), 'base64');
    },
  } satisfies Partial<Page>;
}

/** Opens `url` in a new browser, which closes with the page. */
export async function openPage(path: string, url: string): Promise<Page> {
  const browser = await startBrowser(path);
  return { ...(await browser.openPage(url)), close: browser.close };
}
