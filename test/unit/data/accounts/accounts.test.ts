import { expect, test } from '@jest/globals';
import { createAccountReads } from '../../../../src/data/accounts/accounts.ts';
import { createListLengths } from '../../../../src/data/list-lengths.ts';
import { Failure } from '../../../../src/domain/failure.ts';
import {
  anAccount,
  createFakeProvider,
  type FakeProviderOptions,
  master,
  masterName,
  sub,
} from '../../../support/fake-provider.ts';
import { aReadContext } from '../../../support/read-context.ts';

function setUp(connectedCount: number, options: FakeProviderOptions = {}) {
  const provider = createFakeProvider({ pageSizeMax: 10, ...options });
  for (let index = 0; index < connectedCount; index++) {
    provider.connected.push(anAccount(`a-${String(index).padStart(2, '0')}`));
  }
  const lengths = createListLengths();
  const newRequest = () => createAccountReads(new Map([[provider.code, provider]]), lengths, aReadContext());
  return { provider, reads: newRequest(), newRequest };
}

const idsOf = (accounts: readonly ({ providerAccountId: string } | null)[]) =>
  accounts.map((account) => account?.providerAccountId ?? null);

test('the master account is found by its own identifier, without reading a list', async () => {
  const { provider, reads } = setUp(3);
  expect(await reads.one(master)).toMatchObject({ ref: master });
  expect(await reads.one(sub(masterName))).toMatchObject({ ref: master });
  expect(provider.calls).toEqual([]);
});

test('pages are read until all requested accounts are found', async () => {
  const { provider, reads } = setUp(35);
  expect(
    idsOf(await Promise.all([reads.one(sub('a-03')), reads.one(sub('a-12')), reads.one(sub('a-03'))])),
  ).toEqual(['a-03', 'a-12', 'a-03']);
  expect(provider.calls).toEqual(['accounts page 1', 'accounts page 2']);
});

test('accounts are looked up one by one if fewer are missing than pages remain', async () => {
  const { provider, reads, newRequest } = setUp(35, { accountRoute: true });
  expect(idsOf([await reads.one(sub('a-30'))])).toEqual(['a-30']);
  expect(provider.calls).toEqual(['account a-30']);
  const several = newRequest();
  expect(idsOf(await Promise.all([several.one(sub('a-30')), several.one(sub('a-31'))]))).toEqual([
    'a-30',
    'a-31',
  ]);
  expect(provider.calls.slice(1)).toEqual(['accounts page 1', 'account a-30', 'account a-31']);
  // The next request knows how long the list is.
  const next = newRequest();
  await Promise.all([next.one(sub('a-30')), next.one(sub('a-31'))]);
  expect(provider.calls.slice(4)).toEqual(['account a-30', 'account a-31']);
});

test('an unknown account is null, even for a provider that is not connected', async () => {
  const { reads } = setUp(15);
  expect(await reads.one(sub('nobody'))).toBeNull();
  expect(await reads.one({ provider: 'NOAH', providerAccountId: null })).toBeNull();
});

test('if the list fails, the master account remains, and the error names the provider', async () => {
  const { provider, reads } = setUp(3);
  provider.failWith = () => new Failure('UPSTREAM_TIMEOUT', 'Too slow.');
  const [own, other] = await Promise.allSettled([reads.one(master), reads.one(sub('a-01'))]);
  expect(own).toMatchObject({ status: 'fulfilled', value: { ref: master } });
  expect(other).toMatchObject({ reason: { code: 'UPSTREAM_TIMEOUT', details: { provider: 'UQPAY' } } });
});
