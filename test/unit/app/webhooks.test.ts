import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { openWebhooks } from '../../../src/app/webhooks.ts';
import { createHeldClock } from '../../support/held-clock.ts';

const secret = 'the hash secret';
const nowMs = Date.UTC(2026, 5, 1);

function open(takeOnce: () => Promise<boolean>) {
  const changes: object[] = [];
  const webhooks = openWebhooks(
    { webhooks: { uqpaySecret: null, ibaneraSecret: secret, noahPublicKeys: [] } },
    {
      clock: createHeldClock(nowMs),
      onChange: (notice) => changes.push(notice),
      redis: { takeOnce, notices: { async publish() {}, listen() {}, close() {} } },
    },
  );
  const send = (id: string) => {
    const body = Buffer.from(JSON.stringify({ Id: id, Type: 'FIAT_DEPOSIT_RECEIVED', Data: {} }));
    const signature = createHash('sha256').update(body).update(secret).digest('base64');
    return webhooks?.take('ibanera', { body, header: () => signature, nowMs });
  };
  return { send, changes };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('an event that could not be looked up is accepted when it is sent again', async () => {
  let isBroken = true;
  const { send, changes } = open(async () => {
    if (isBroken) throw new Error('no answer');
    return true;
  });
  await expect(send('e-1')).rejects.toThrow('no answer');
  isBroken = false;
  expect(await send('e-1')).toBe('TAKEN');
  expect(await send('e-1')).toBe('REPEATED');
  await turn();
  expect(changes).toHaveLength(1);
});

test('an event sent several times at once is accepted once, and one accepted by another replica is not', async () => {
  const { send, changes } = open(async () => true);
  const outcomes = await Promise.all([send('e-1'), send('e-1'), send('e-1')]);
  expect(outcomes.sort()).toEqual(['REPEATED', 'REPEATED', 'TAKEN']);
  await turn();
  expect(changes).toHaveLength(1);
  const other = open(async () => false);
  expect(await other.send('e-1')).toBe('REPEATED');
  await turn();
  expect(other.changes).toEqual([]);
});
