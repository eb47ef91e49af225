// What happens to messages that a router does not accept, over a real transport.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createHostList } from '../../../../src/domain/host-list.ts';
import type { HttpPort } from '../../../../src/ports/http.ts';
import { createSubscriptionCallbacks } from '../../../../src/server/callbacks/index.ts';
import { httpClients } from '../../../../src/upstream/http/index.ts';
import { type CallbackRouter, startCallbackRouter } from '../../../integration/callback-router.fixture.ts';

let router: CallbackRouter;
const transport = (requestTimeoutMs: number) =>
  httpClients.undici({ connectTimeoutMs: 5_000, requestTimeoutMs, replyBytesMax: 100, maxSockets: 2 });
const patient = transport(10_000);
const impatient = transport(50);
/** Sends every message except `check`. */
let http: HttpPort;
let problems: string[];

beforeAll(async () => {
  router = await startCallbackRouter();
});
afterAll(async () => {
  patient.close();
  impatient.close();
  await router.close();
});
beforeEach(() => {
  router.reset();
  problems = [];
  http = patient;
});

function confirm(heartbeatIntervalMs = 0) {
  const hosts = createHostList([router.host]);
  const onProblem = ({ problem }: { problem: string }) => void problems.push(problem);
  const url = `http://${router.host}/callback`;
  const subscription = { callbackUrl: url, subscriptionId: 's-1', verifier: 'XXX', heartbeatIntervalMs };
  const send: HttpPort['send'] = (request) =>
    (request.body?.includes('"check"') ? patient : http).send(request);
  return createSubscriptionCallbacks({ http: { send }, hosts, onProblem }).confirm({
    extensions: { subscription },
  });
}

test.each<[string, Parameters<CallbackRouter['answer']>[1], string]>([
  ['does not answer', () => {}, 'did not answer in 50 ms'],
  ['answers without end', (response) => response.writeHead(200).end('x'.repeat(101)), 'more than 100 bytes'],
  ['closes the connection', (response) => void response.socket?.destroy(), 'the connection closed'],
  ['fails', (response) => response.writeHead(500).end(), 'answered "next" with 500'],
])('a router that %s has gone: it is sent nothing more', async (_name, answer, problem) => {
  const sink = await confirm();
  let goneCount = 0;
  await sink.start(() => (goneCount += 1));
  router.answer('next', answer);
  if (problem.includes('in 50 ms')) http = impatient;
  await sink.send('{}');
  const sent = router.count();
  await sink.send('{}');
  await sink.end(null);
  expect([goneCount, router.count() - sent, problems]).toEqual([1, 0, [expect.stringContaining(problem)]]);
});

test('a check is sent once more over a new connection if its reply is lost', async () => {
  let isFirst = true;
  router.answer('check', (response) => {
    if (isFirst) response.socket?.destroy();
    else response.writeHead(204).end();
    isFirst = false;
  });
  const before = router.count();
  await confirm();
  expect(router.count() - before).toBe(2);
});
