// Subscriptions as Apollo Client and urql open them, with a real gateway.
import { gql as apolloGql, HttpLink } from '@apollo/client';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { gql as urqlGql } from '@urql/core';
import { createClient as createApollo } from '../../docs/examples/apollo-client.ts';
import { introspect } from '../../docs/examples/client-schema.ts';
import { createClient as createUrql } from '../../docs/examples/urql.ts';
import { type LiveRig, openLiveRig } from '../integration/live.fixture.ts';
import { at } from '../support/execute.ts';

let rig: LiveRig;
beforeAll(async () => {
  rig = await openLiveRig();
});
afterAll(() => rig?.close());

const text = `subscription Watch($currencies: [CurrencyCode!]) {
  balancesChanged(filter: { ledgers: [BANKING], currencies: $currencies }) {
    trigger
    balances { id currency available { amount currency } }
  }
}`;
const variables = { currencies: ['USD'] };
const warned = jest.spyOn(console, 'warn').mockImplementation(() => {});
const complained = jest.spyOn(console, 'error').mockImplementation(() => {});

function setDollars(amount: string): void {
  const { control, masterAccountId } = rig.sandbox;
  control.setBalance('banking', masterAccountId, 'USD', { available_balance: amount });
}

/** Takes events one by one. */
function createInbox<Event>() {
  const events: Event[] = [];
  let wake = () => {};
  return {
    put(event: Event) {
      events.push(event);
      wake();
    },
    async next(): Promise<Event> {
      while (events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return events.shift() as Event;
    },
  };
}

const shown = (result: unknown) => [
  at(result, 'data', 'balancesChanged', 'trigger'),
  at(result, 'data', 'balancesChanged', 'balances', 0, 'available', 'amount'),
];

test('Apollo Client over multipart: the first event, a change, and what ends it', async () => {
  setDollars('10.10');
  const client = createApollo(new HttpLink({ uri: rig.gateway.url }));
  const inbox = createInbox<unknown>();
  const subscription = client
    .subscribe({ query: apolloGql(text), variables })
    .subscribe({ next: inbox.put, error: inbox.put });
  expect(shown(await inbox.next())).toEqual(['START', '10.10']);
  setDollars('10.11');
  rig.clock.advance(5_000);
  expect(shown(await inbox.next())).toEqual(['POLL', '10.11']);
  subscription.unsubscribe();
  const refused = createInbox<unknown>();
  const accountIds = ['VVFQQVk6bm9uZQ'];
  client
    .subscribe({
      query: apolloGql`subscription ($accountIds: [ID!]) { balancesChanged(filter: { accountIds: $accountIds }) { asOf } }`,
      variables: { accountIds },
    })
    .subscribe({ next: refused.put, error: refused.put });
  expect(JSON.stringify(await refused.next())).toContain('BAD_USER_INPUT');
});

test('urql over Server-Sent Events: the first event and a change, which its cache merges', async () => {
  // After cached reads have expired.
  rig.clock.advance(6_000);
  setDollars('20.20');
  const client = createUrql(rig.gateway.url, await introspect(rig.gateway.url));
  const inbox = createInbox<unknown>();
  const { unsubscribe } = client
    .subscription(urqlGql(text), variables, { fetchSubscriptions: true })
    .subscribe(inbox.put);
  expect(shown(await inbox.next())).toEqual(['START', '20.20']);
  setDollars('20.21');
  rig.clock.advance(5_000);
  expect(shown(await inbox.next())).toEqual(['POLL', '20.21']);
  unsubscribe();
  expect([...warned.mock.calls, ...complained.mock.calls]).toEqual([]);
});
