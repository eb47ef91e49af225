// Addresses in all their spellings, and lists of them.
import { describe, expect, test } from '@jest/globals';
import {
  createAddressList,
  customerNetwork,
  isAddressRange,
  parseIpAddress,
} from '../../../src/domain/ip-address.ts';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['::FFFF:0A00:0001', '10.0.0.1'],
  ['0:0:0:0:0:ffff:10.0.0.1', '10.0.0.1'],
  ['::1', '::1'],
  ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['010.0.0.1', null],
  ['10.0.0.1:80', null],
  ['10.0.0', null],
  ['localhost', null],
  ['unknown', null],
  ['', null],
])('%s is %s', (text, expected) => {
  expect(parseIpAddress(text)).toBe(expected);
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:1::', '2001:db8:1:0::/64'],
])('%s is counted as %s', (address, expected) => {
  expect(customerNetwork(address)).toBe(expected);
});

test.each([
  ['10.0.0.1', true],
  ['10.0.0.0/8', true],
  ['10.0.0.1/32', true],
  ['fd00::/8', true],
  ['::1/128', true],
  ['::ffff:10.0.0.1', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/08', false],
  ['10.0.0.0/', false],
  ['10.0.0.0/8/8', false],
  ['fd00::/129', false],
  ['::ffff:10.0.0.0/104', false],
  ['fe80::1%eth0', false],
  ['0.0.0.0/0', false],
  ['::/0', false],
  ['router.internal', false],
  ['*', false],
  ['', false],
])('%s can be in a list: %s', (text, expected) => {
  expect(isAddressRange(text)).toBe(expected);
});

describe('a list', () => {
  const list = createAddressList(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32', '::ffff:198.51.100.4']);

  test.each([
    ['10.1.255.255', true],
    ['::ffff:10.1.2.3', true],
    ['::ffff:a01:203', true],
    ['10.2.0.0', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['2001:db8:ffff::1', true],
    ['2001:db9::1', false],
    ['198.51.100.4', true],
    ['10.1.0.1.example.com', false],
    ['', false],
  ])('has %s: %s', (address, expected) => {
    expect(list.has(address)).toBe(expected);
  });

  test('an empty one contains no address', () => {
    expect(createAddressList([]).has('127.0.0.1')).toBe(false);
  });
});
