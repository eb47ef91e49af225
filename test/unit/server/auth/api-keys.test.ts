import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type Caller, scopes } from '../../../../src/domain/caller.ts';
import { createAuthenticatorHere } from '../../../support/origin.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const caller = (subject: string): Caller => ({
  subject,
  scopes,
  grants: [{ provider: null, account: 'ALL' }],
});
const authenticate = createAuthenticatorHere({
  mode: 'keys',
  keys: [
    { caller: caller('one'), sha256: sha256('key-of-one') },
    { caller: caller('two'), sha256: sha256('key-of-two') },
  ],
});

test('each key is its own caller, whatever the case of the scheme', async () => {
  await expect(authenticate({ authorization: 'Bearer key-of-one' })).resolves.toMatchObject({
    subject: 'one',
  });
  await expect(authenticate({ authorization: 'bearer key-of-two' })).resolves.toMatchObject({
    subject: 'two',
  });
});

test.each([
  [undefined],
  [''],
  ['Bearer'],
  ['Bearer '],
  ['Bearer key-of-one key-of-two'],
  ['Bearer key-of-one, Bearer key-of-two'],
  ['Basic key-of-one'],
  ['key-of-one'],
  ['Bearer key-of-on'],
  ['Bearer Key-of-one'],
  [`Bearer ${sha256('key-of-one')}`],
])('%p is refused as UNAUTHENTICATED, and is not repeated', async (authorization) => {
  const refusal = authenticate(authorization === undefined ? {} : { authorization });
  await expect(refusal).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: expect.not.stringContaining('key-of'),
  });
});

test('a valid key that grants no scope or no account is FORBIDDEN', async () => {
  for (const lacking of [{ scopes: [] }, { grants: [] }]) {
    const poor = createAuthenticatorHere({
      mode: 'keys',
      keys: [{ caller: { ...caller('poor'), ...lacking }, sha256: sha256('k') }],
    });
    await expect(poor({ authorization: 'Bearer k' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  }
});

test('without authentication all callers are anonymous, and may read everything', async () => {
  await expect(createAuthenticatorHere({ mode: 'none' })({ authorization: 'Bearer x' })).resolves.toEqual(
    caller('anonymous'),
  );
});
