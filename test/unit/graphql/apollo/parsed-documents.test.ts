import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { createParsedDocuments } from '../../../../src/graphql/apollo/parsed-documents.ts';

test('the least recently used documents are evicted, by the length of their text', async () => {
  const documents = createParsedDocuments();
  const documentOf = (index: number) => parse(`{ a${index} }${' '.repeat(99_000)}`);
  for (let index = 0; index < 4; index++) await documents.set(`key ${index}`, documentOf(index));
  await documents.get('key 0');
  for (let index = 4; index < 7; index++) await documents.set(`key ${index}`, documentOf(index));
  const kept = await Promise.all(Array.from({ length: 7 }, (_, index) => documents.get(`key ${index}`)));
  expect(kept.map((document) => document !== undefined)).toEqual([
    true,
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
});

test('a document larger than the cache is not cached', async () => {
  const documents = createParsedDocuments();
  await documents.set('key', parse(`{ a }${' '.repeat(600_000)}`));
  expect(await documents.get('key')).toBeUndefined();
});
