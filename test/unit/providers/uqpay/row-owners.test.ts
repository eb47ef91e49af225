import { expect, test } from '@jest/globals';
import type { AccountRef } from '../../../../src/domain/model.ts';
import { RowOwners } from '../../../../src/providers/uqpay/row-owners.ts';
import { makeRow } from '../../../support/moving-list.ts';
import { makeContext } from '../../../support/walks.ts';

const master: AccountRef = { provider: 'UQPAY', providerAccountId: null };

/** Settles one page after another; ids that begin with "sub" are connected accounts. */
function start(token = 'opaque') {
  const asked: string[] = [];
  const isConnected = async (id: string) => {
    asked.push(id);
    return id.startsWith('sub');
  };
  const owners = new RowOwners(isConnected, { provider: 'UQPAY' });
  const settle = async (...ids: string[]) => {
    const namedBy = owners.namedBy(master, token);
    const rows = ids.map((id) => ({
      ...makeRow(id, { second: 1, nano: 0 }),
      account: namedBy({ account_id: id }),
    }));
    const settled = await owners.settle(master, rows, makeContext());
    return settled.map(({ account }) => account.providerAccountId);
  };
  return { owners, asked, settle };
}

test('rows that all name one account are the master’s, without a call', async () => {
  const { asked, settle } = start();
  expect(await settle('me', 'me')).toEqual([null, null]);
  expect(await settle('me')).toEqual([null]);
  expect(asked).toEqual([]);
});

test('once a second account is named, each is looked up once', async () => {
  const { asked, settle } = start();
  await settle('me');
  expect(await settle('sub-1', 'me')).toEqual(['sub-1', null]);
  expect(await settle('SUB-1', 'me', 'sub-2')).toEqual(['SUB-1', null, 'sub-2']);
  expect(asked).toEqual(['me', 'sub-1', 'sub-2']);
});

test('several accounts that UQPAY does not know are refused', async () => {
  const { settle } = start();
  await expect(settle('me', 'other')).rejects.toThrow(
    /nothing says which of them are the master account’s own/,
  );
});

test('so are more accounts than the limit of lookups', async () => {
  const { asked, settle } = start();
  const ids = Array.from({ length: 30 }, (_, index) => `sub-${index}`);
  await expect(settle(...ids)).rejects.toThrow(/several accounts/);
  expect(asked).toEqual([]);
});

test('rows that only another replica has read are refused until there was a reply here', async () => {
  const { owners, settle } = start();
  const others = [
    { ...makeRow('1', { second: 1, nano: 0 }), account: { ...master, providerAccountId: 'sub-1' } },
  ];
  expect(owners.needsReply(master, others)).toBe(true);
  await expect(owners.settle(master, others, makeContext())).rejects.toThrow(/several accounts/);
  await settle('me');
  expect(owners.needsReply(master, others)).toBe(false);
  expect(await owners.settle(master, others, makeContext())).toEqual(others);
});
