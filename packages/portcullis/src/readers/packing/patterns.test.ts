import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternMatches } from './patterns.ts';

// Every row was run through the matcher of the framework (micromatch 4 with `dot`).
describe('patternMatches', () => {
  it.each([
    ['.env', '.env'],
    ['.env*', '.env.local'],
    ['./.env', '.env'],
    ['**', 'a/b/.env'],
    ['**/.env*', '.env'],
    ['**/.env*', 'a/b/.env.local'],
    ['**.pem', 'keys/b.pem'],
    ['src/**', 'src/keys/b.pem'],
    ['src/**/*.pem', 'src/b.pem'],
    ['**/*.{pem,key}', 'keys/x.key'],
    ['{src,lib}/.env', 'lib/.env'],
    ['[ab].pem', 'b.pem'],
    ['[a-c].pem', 'b.pem'],
    ['[^a].pem', 'b.pem'],
    ['?.pem', 'b.pem'],
  ])('%s matches %s', (pattern, path) => {
    expect(patternMatches(pattern, path)).toBe(true);
  });

  it.each([
    ['.env*', 'config/.env'],
    ['*', 'keys/b.pem'],
    ['keys', 'keys/b.pem'],
    ['*.pem', 'keys/b.pem'],
    ['.env*/**', '.env'],
    ['a**', 'a/b.pem'],
    ['[!a].pem', 'b.pem'],
    ['/.env', '.env'],
  ])('%s does not match %s', (pattern, path) => {
    expect(patternMatches(pattern, path)).toBe(false);
  });

  it.each(['!(src)/**', '@(a|b)', 'a{b,{c,d}}', '{1..9}.pem', 'a\\*'])('%s is not read', (pattern) => {
    expect(patternMatches(pattern, 'a')).toBeUndefined();
  });

  it('ends soon, whatever the pattern', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('*', '?', 'a', '/', '[', ']', '{', '}', ',', '^', '-') }),
        fc.string({ unit: fc.constantFrom('a', 'b', '/', '.') }),
        (pattern, path) => {
          expect([true, false, undefined]).toContain(patternMatches(pattern, path));
        },
      ),
    );
    expect(patternMatches(`${'*a'.repeat(500)}b`, 'a'.repeat(4_000))).toBe(false);
    expect(patternMatches('{a,b}'.repeat(100), 'a')).toBeUndefined();
  });
});
