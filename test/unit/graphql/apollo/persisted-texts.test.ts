import { expect, test } from '@jest/globals';
import { createPersistedTexts } from '../../../../src/graphql/apollo/persisted-texts.ts';

test('texts are limited in number and size; the least recently used are evicted first', async () => {
  const texts = createPersistedTexts();
  for (let index = 0; index < 5_000; index += 1) await texts.set(`hash ${index}`, `text ${index}`);
  expect(await texts.get('hash 0')).toBe('text 0');
  await texts.set('one more', '{ __typename }');
  expect(await texts.get('hash 0')).toBe('text 0');
  expect(await texts.get('hash 1')).toBeUndefined();
  const long = 'x'.repeat(131_000);
  for (let index = 0; index < 65; index += 1) await texts.set(`long ${index}`, long);
  expect(await texts.get('hash 4999')).toBeUndefined();
  expect(await texts.get('long 64')).toBe(long);
});

test('a text that is too long is not stored, and evicts no others', async () => {
  const texts = createPersistedTexts();
  await texts.set('short', '{ __typename }');
  await texts.set('long', 'x'.repeat(131_073));
  expect(await texts.get('long')).toBeUndefined();
  expect(await texts.get('short')).toBe('{ __typename }');
});
