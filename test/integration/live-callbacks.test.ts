// Subscriptions by Apollo's HTTP callback protocol, with a router on its own socket.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type CallbackRouter, type Message, startCallbackRouter } from './callback-router.fixture.ts';
import { countOpen, type LiveRig, openLiveRig, tokenOf, until, withTokens } from './live.fixture.ts';

let router: CallbackRouter;
let rig: LiveRig;
let token: string;

beforeAll(async () => {
  router = await startCallbackRouter();
  token = await tokenOf('a');
  rig = await openLiveRig({
    ...withTokens,
    ...{ SUBSCRIPTION_CALLBACK_HOSTS: router.host, MAX_SUBSCRIPTIONS_PER_CALLER: '1', METRICS: 'on' },
  });
});
afterAll(async () => {
  await rig?.close();
  await router?.close();
});

beforeEach(async () => {
  await until(async () => (await countOpen(rig)) === 0);
  router.reset();
  // After cached reads have expired.
  rig.clock.advance(6_000);
  rig.sandbox.control.resetCalls();
});

const query = `subscription {
  balancesChanged(filter: { ledgers: [BANKING], currencies: ["USD"] }) {
    trigger balances { available { amount } }
  }
}`;

function setDollars(amount: string): void {
  const { control, masterAccountId } = rig.sandbox;
  control.setBalance('banking', masterAccountId, 'USD', { available_balance: amount });
}

const extension = (changes: object = {}) => ({
  callbackUrl: `http://${router.host}/callback/s-1`,
  subscriptionId: 's-1',
  verifier: 'XXX',
  heartbeatIntervalMs: 0,
  ...changes,
});

async function subscribe(
  subscription: object | null = extension(),
  asked = query,
  accept = 'application/json;callbackSpec=1.0',
) {
  const response = await fetch(rig.gateway.url, {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ query: asked, extensions: subscription && { subscription } }),
  });
  const body = (await response.json()) as { data?: unknown } & Pick<Message, 'errors'>;
  return { status: response.status, data: body.data, error: body.errors?.[0] };
}

const shown = ({ payload }: Message) => {
  const { trigger, balances } = payload?.data?.balancesChanged ?? {};
  return [trigger, (balances as { available: { amount: string } }[])[0]?.available.amount];
};

/** Ends the open subscription like a router. */
async function forget(): Promise<void> {
  router.answer('next', (response) => response.writeHead(404).end());
  setDollars('0.01');
  rig.clock.advance(5_000);
  await until(async () => (await countOpen(rig)) === 0);
}

test('a router confirms, gets the response, and then each event until it drops the subscription', async () => {
  setDollars('10.10');
  let callsBeforeCheck = -1;
  router.answer('check', (response) => {
    callsBeforeCheck = rig.balanceCalls();
    response.writeHead(204).end();
  });
  expect(await subscribe()).toEqual({ status: 200, data: null, error: undefined });
  expect(callsBeforeCheck).toBe(0);
  const common = { kind: 'subscription', id: 's-1', verifier: 'XXX' };
  const check = await router.next('check');
  expect(check).toMatchObject({
    path: '/callback/s-1',
    headers: { 'content-type': 'application/json', 'subscription-protocol': 'callback/1.0' },
  });
  expect(check.message).toEqual({ ...common, action: 'check' });
  const { message: first } = await router.next('next');
  expect(first).toMatchObject(common);
  expect(shown(first)).toEqual(['START', '10.10']);
  setDollars('10.11');
  rig.clock.advance(5_000);
  expect(shown((await router.next('next')).message)).toEqual(['POLL', '10.11']);
  await forget();
  const { length } = rig.sandbox.control.calls();
  const sent = router.count();
  setDollars('10.12');
  rig.clock.advance(60_000);
  expect(await subscribe(null, '{ viewer { scopes } }')).toMatchObject({ status: 200 });
  expect([rig.sandbox.control.calls().length, router.count()]).toEqual([length, sent]);
});

test.each([
  ['another port of a host that is listed', { callbackUrl: 'http://127.0.0.1:1/' }, 403, 'FORBIDDEN'],
  ['a host that is not listed', { callbackUrl: 'https://router.example/' }, 403, 'FORBIDDEN'],
  ['credentials in the URL', () => ({ callbackUrl: `http://a:b@${router.host}/` }), 422, 'BAD_USER_INPUT'],
  ['another scheme', () => ({ callbackUrl: `ftp://${router.host}/` }), 422, 'BAD_USER_INPUT'],
  ['no verifier', { verifier: undefined }, 422, 'BAD_USER_INPUT'],
  ['heartbeats too often', { heartbeatIntervalMs: 1 }, 422, 'BAD_USER_INPUT'],
])('%s: nobody is called, and nothing is read', async (_name, changes, status, code) => {
  const before = router.count();
  const answer = await subscribe(extension(typeof changes === 'function' ? changes() : changes));
  expect(answer).toMatchObject({ status, error: { extensions: { code } } });
  if (code === 'FORBIDDEN') expect(answer.error?.message).toContain('SUBSCRIPTION_CALLBACK_HOSTS');
  expect([router.count(), rig.balanceCalls()]).toEqual([before, 0]);
});

test.each([
  ['does not know the subscription', 404],
  ['redirects elsewhere', 307],
])('a router that %s: refused, and nothing is read', async (_name, status) => {
  const elsewhere = await startCallbackRouter();
  router.answer('check', (response) => {
    response.writeHead(status, { location: `http://${elsewhere.host}/` }).end();
  });
  const answer = await subscribe();
  expect(answer).toMatchObject({ status: 422, error: { extensions: { code: 'BAD_USER_INPUT' } } });
  expect(answer.error?.message).toContain(String(status));
  expect([elsewhere.count(), rig.balanceCalls()]).toEqual([0, 0]);
  await elsewhere.close();
});

test('a request without the extension is refused with what is missing; a query needs none', async () => {
  const missing = expect.stringContaining('"extensions.subscription"');
  for (const accept of [
    'application/json;callbackSpec=1.0',
    'application/json;callbackSpec=1.0; charset=utf-8',
    'application/graphql-response+json, application/json, application/json;callbackSpec=1.0',
  ]) {
    expect(await subscribe(null, query, accept)).toMatchObject({ status: 422, error: { message: missing } });
  }
  expect(await subscribe(null, '{ balances { asOf } }')).toMatchObject({
    status: 200,
    error: undefined,
  });
});

test('the limits of other streams apply, and the reasons to refuse an operation', async () => {
  expect(await subscribe(extension(), 'subscription { nothing }')).toMatchObject({
    error: { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  });
  await subscribe();
  await router.next('next');
  expect(await countOpen(rig)).toBe(1);
  expect(await subscribe()).toMatchObject({ status: 429, error: { extensions: { code: 'RATE_LIMITED' } } });
  await forget();
});

test('a router that is slow gets the newest state', async () => {
  setDollars('20.20');
  let take = () => {};
  router.answer('next', (response) => {
    take = () => response.writeHead(200).end();
  });
  await subscribe();
  expect(shown((await router.next('next')).message)).toEqual(['START', '20.20']);
  for (const amount of ['20.21', '20.22']) {
    const before = rig.balanceCalls();
    setDollars(amount);
    rig.clock.advance(5_000);
    await until(() => rig.balanceCalls() > before);
  }
  take();
  expect(shown((await router.next('next')).message)).toEqual(['POLL', '20.22']);
  take();
  await forget();
});

test('heartbeats continue while nothing changes, until the router drops the subscription', async () => {
  await subscribe(extension({ heartbeatIntervalMs: 100 }));
  await router.next('next');
  for (let heartbeats = 0; heartbeats < 3; heartbeats++) {
    expect((await router.next('check')).message).toMatchObject({ id: 's-1', verifier: 'XXX' });
  }
  router.answer('check', (response) => response.writeHead(404).end());
  await until(async () => (await countOpen(rig)) === 0);
});

test('when a token expires, its subscription completes with the error', async () => {
  await subscribe();
  await router.next('next');
  rig.clock.advance(3_600_000);
  const { message } = await router.next('complete');
  expect(message).toMatchObject({
    id: 's-1',
    verifier: 'XXX',
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  token = await tokenOf('a', { exp: Math.floor(rig.clock.now() / 1_000) + 3_600 });
});

test('a gateway that stops completes its subscriptions first', async () => {
  await subscribe();
  await router.next('next');
  let isCompleted = false;
  router.answer('complete', (response) => {
    setTimeout(() => {
      isCompleted = true;
      response.writeHead(202).end();
    }, 300);
  });
  await rig.gateway.close();
  expect(isCompleted).toBe(true);
  expect((await router.next('complete')).message.errors).toBeUndefined();
});
