// The gateway over embedded sandboxes that change by themselves: subscribers see changes at once.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createHurriedClock } from '../support/hurried-clock.ts';
import { openStream } from './live.fixture.ts';

const note = () => {};
const logger = { debug: note, info: note, warn: note, error: note };
const clock = createHurriedClock();
let gateway: RunningGateway;
beforeAll(async () => {
  // A configured secret works as well.
  const env = {
    PORT: '0',
    SANDBOX_ACTIVITY: 'on',
    LIVE_INTERVAL_MIN_SECONDS: '60',
    UQPAY_WEBHOOK_SECRET: 'own',
  };
  gateway = await startGateway(loadConfig(env), { logger, clock });
});
afterAll(() => gateway.close());

test.each(['UQPAY', 'IBANERA', 'NOAH'])('a change at %s is sent as a webhook', async (provider) => {
  const query = `subscription {
    balancesChanged(filter: { providers: [${provider}] }) { trigger balances { id available { amount } } }
  }`;
  const stream = await openStream(gateway, query);
  expect(await stream.next()).toMatchObject({ data: { balancesChanged: { trigger: 'START' } } });
  // The first change comes within 25 s, and the next poll after 60.
  const timer = setInterval(() => clock.advance(1_000), 20);
  const event = await stream.next();
  clearInterval(timer);
  stream.leave();
  expect(event?.data?.balancesChanged).toMatchObject({
    trigger: 'WEBHOOK',
    balances: [{ available: { amount: expect.any(String) } }],
  });
});

test('if they do not change, they send nothing', async () => {
  const still = await startGateway(loadConfig({ PORT: '0' }), { logger });
  const status = async (name: string) =>
    (await fetch(new URL(`/webhooks/${name}`, still.url), { method: 'POST', body: '{}' })).status;
  expect(await Promise.all(['uqpay', 'ibanera', 'noah'].map(status))).toEqual([404, 404, 404]);
  await still.close();
});
