import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMostOfTheInternet } from './addresses.ts';

describe('isMostOfTheInternet', () => {
  it.each([
    [['0.0.0.0/0'], true],
    [['203.0.113.7/0'], true],
    [['::/0'], true],
    [['2000::/3'], true],
    [['0.0.0.0/1', '128.0.0.0/1'], true],
    [['128.0.0.0/1'], true],
    [['0.0.0.0/2', '64.0.0.0/2'], true],
    [[' 0.0.0.0/0 '], true],
    [['0.0.0.0/2', '0.0.0.0/2'], false],
    [['0.0.0.0/2', '10.0.0.0/8'], false],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'], false],
    [['203.0.113.0/24'], false],
    [['2001:db8::/32'], false],
    [['203.0.113.7'], false],
    [['*', '', 'x/0', '1.2.3.4/33', '1.2.3/0', '999.0.0.0/0'], false],
    [[], false],
  ])('%j: %s', (ranges, expected) => {
    expect(isMostOfTheInternet(ranges)).toBe(expected);
  });

  it('does not depend on how a range is cut up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), (bits) => {
        const parts = Array.from({ length: 2 ** bits }, (_, index) => `${(index * 256) / 2 ** bits}.0.0.0/${bits}`);
        expect(isMostOfTheInternet(parts)).toBe(true);
        expect(isMostOfTheInternet(parts.slice(0, Math.ceil(parts.length / 2) - 1))).toBe(false);
      }),
    );
  });
});
