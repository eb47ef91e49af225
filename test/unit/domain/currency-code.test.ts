import { describe, expect, test } from '@jest/globals';
import { createSpelledCodes, isAskedFor, upperCaseCodes } from '../../../src/domain/currency-code.ts';

describe('codes in upper case', () => {
  test.each(['usd', 'Usd', 'USD'])('are recognised in any spelling: %s', (spelling) => {
    expect(upperCaseCodes.read(spelling)).toBe('USD');
    expect(upperCaseCodes.canonical(spelling)).toBe('USD');
    expect(upperCaseCodes.means(spelling, 'USD')).toBe(true);
    expect(upperCaseCodes.means(spelling, 'USDC')).toBe(false);
  });
});

describe('codes that keep their spelling', () => {
  test('are returned as they are, and requested in any case', () => {
    const codes = createSpelledCodes();
    expect(codes.read('USDC.e')).toBe('USDC.e');
    for (const asked of ['USDC.e', 'usdc.e', 'USDC.E', 'Usdc.E']) {
      expect(codes.canonical(asked)).toBe('USDC.e');
      expect(codes.means(asked, 'USDC.e')).toBe(true);
    }
    expect(codes.canonical('USDC')).toBe('USDC');
    expect(codes.means('USDC', 'USDC.e')).toBe(false);
  });

  test('that have not been seen yet are also found in any case', () => {
    expect(createSpelledCodes().means('usdc.e', 'USDC.e')).toBe(true);
  });

  test('that differ only in case are two assets, each found only by its own spelling', () => {
    const codes = createSpelledCodes();
    codes.read('USDC.e');
    codes.read('USDC.E');
    expect(codes.canonical('USDC.e')).toBe('USDC.e');
    expect(codes.canonical('USDC.E')).toBe('USDC.E');
    expect(codes.means('USDC.E', 'USDC.e')).toBe(false);
    expect(codes.means('USDC.e', 'USDC.E')).toBe(false);
    expect(codes.canonical('usdc.e')).toBe('usdc.e');
  });

  test('the spelling in a list decides if no other has been seen', () => {
    const codes = createSpelledCodes();
    const both = new Set(['USDC.e', 'USDC.E']);
    expect([...both].filter((code) => isAskedFor(code, ['USDC.E'], both, codes))).toEqual(['USDC.E']);
    expect([...both].filter((code) => isAskedFor(code, ['usdc.e'], both, codes))).toEqual([...both]);
    const one = new Set(['USDC.e']);
    expect([...one].filter((code) => isAskedFor(code, ['USDC.E', 'EUR'], one, codes))).toEqual(['USDC.e']);
  });
});
