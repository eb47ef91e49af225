// The limit: a bare node:http server that makes the calls a workload needs, picks the fields of the answer, and
// writes it. No GraphQL, no checks, no cache. `GET /W1/7` is workload W1 for lane 7.
//   node bench/limit/main.ts undici|got|memory <upstream base URL>
import { createServer } from 'node:http';
import { answers } from './answers.ts';
import { createMemorySource } from './memory-source.ts';
import { issueToken, type Source } from './source.ts';

const [kind = 'undici', baseUrl = ''] = process.argv.slice(2);
const token = await issueToken(baseUrl);
const source = await openSource();

async function openSource(): Promise<Source> {
  if (kind === 'got') return (await import('./got-source.ts')).createGotSource(baseUrl, token);
  const undici = (await import('./undici-source.ts')).createUndiciSource(baseUrl, token);
  return kind === 'memory' ? createMemorySource(undici) : undici;
}

const server = createServer((request, response) => {
  const [, name = '', lane = '0'] = (request.url ?? '').split('/');
  const answer = answers[name as keyof typeof answers];
  answer(source, Number(lane)).then(
    (data) => {
      const body = Buffer.from(JSON.stringify({ data }));
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    },
    (error) => {
      response.writeHead(500);
      response.end(String(error));
    },
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`ready http://127.0.0.1:${typeof address === 'object' ? address?.port : null}\n`);
});
