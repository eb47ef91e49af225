import { credentialHeaders } from './credential.ts';
import { type AnswerError, Problem, problemOf, reached } from './graphql-client.ts';

/**
 * Fetches a file with the viewer's credential, which a link cannot carry, and hands it to the browser. Passes the bytes
 * so far to `onBytes`. Rejects with `Problem` when there is no file or it is not whole.
 */
export async function download(
  url: string,
  fileName: string,
  onBytes: (byteCount: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const headers = { accept: '*/*, application/graphql-response+json', ...credentialHeaders() };
  const response = await reached(() => fetch(url, { headers, signal }), signal);
  if (!response.ok || response.body === null) {
    const { errors } = (await response.json().catch(() => ({}))) as {
      readonly errors?: readonly AnswerError[];
    };
    throw problemOf(response, errors ?? []);
  }
  const file = await readFile(response, response.body, onBytes, signal);
  await checkWhole(fileName, file);
  const objectUrl = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = objectUrl;
  link.download = fileName;
  link.click();
  // Some browsers read it only after the click.
  setTimeout(() => URL.revokeObjectURL(objectUrl), 60_000);
}

async function readFile(
  { headers }: Response,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onBytes: (byteCount: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let byteCount = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      byteCount += chunk.length;
      onBytes(byteCount);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    // The gateway breaks a file off when it cannot complete it.
    throw new Problem('INCOMPLETE', 'The connection ended before the file was whole, so nothing was saved.');
  }
  return new Blob(chunks, { type: headers.get('content-type') ?? '' });
}

/** The last line of NDJSON says whether the rows are complete. */
async function checkWhole(fileName: string, file: Blob): Promise<void> {
  if (!fileName.endsWith('.ndjson')) return;
  const [last = ''] = (await file.slice(-65_536).text()).trimEnd().split('\n').slice(-1);
  const { complete, error } = JSON.parse(last) as {
    readonly complete?: boolean;
    readonly error?: { readonly message: string };
  };
  if (complete === true) return;
  throw new Problem('INCOMPLETE', error?.message ?? 'A source failed on the way, so nothing was saved.');
}
