import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Writes, and waits until the caller has read enough or has disconnected. */
export async function writeText(response: ServerResponse, text: string): Promise<void> {
  if (text === '' || response.destroyed || response.write(text)) return;
  const closed = new AbortController();
  const stop = () => closed.abort();
  response.once('close', stop);
  try {
    await once(response, 'drain', { signal: closed.signal });
  } catch (error) {
    if (!closed.signal.aborted) throw error;
  } finally {
    response.removeListener('close', stop);
  }
}
