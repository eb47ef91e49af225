import { expect, test } from '@jest/globals';
import { createHostList, isHostAndPort } from '../../../src/domain/host-list.ts';

const list = createHostList(['Router.internal', 'edge.example:443', '10.0.0.7:4000', '[::1]:4000']);

test.each([
  ['http://router.internal/callback', true],
  ['https://ROUTER.internal:8443/', true],
  ['https://edge.example/', true],
  ['http://10.0.0.7:4000/callback/1', true],
  ['http://0x0a000007:4000/', true],
  ['http://[0:0::1]:4000/', true],
  ['http://edge.example/', false],
  ['http://a.router.internal/', false],
  ['http://router.internal.evil.example/', false],
  ['http://router.internal@evil.example/', false],
  ['http://10.0.0.7/', false],
  ['http://[::1]/', false],
])('%s is on the list: %s', (url, isListed) => {
  expect(list.has(new URL(url))).toBe(isListed);
});

test.each([
  ['router.internal', true],
  ['[fd00::1]', true],
  ['router:0', false],
  ['router:65536', false],
  ['router:', false],
  ['*.internal', false],
  ['http://router', false],
  ['user@router', false],
  ['router/path', false],
  ['[::zz]', false],
  ['999.1.1.1', false],
  ['', false],
])('%s is a host and port: %s', (text, isOne) => {
  expect(isHostAndPort(text)).toBe(isOne);
});
