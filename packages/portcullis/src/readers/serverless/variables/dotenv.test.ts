import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDotenv } from './dotenv.ts';

describe('readDotenv', () => {
  it.each([
    ['A=1', { A: '1' }],
    ['export A = b c # comment', { A: 'b c' }],
    ['A="b # c" # d', { A: 'b # c' }],
    ["A='b\\nc'", { A: 'b\\nc' }],
    ['A="b\\nc"', { A: 'b\nc' }],
    ['A="b\nc"\nD=e', { A: 'b\nc', D: 'e' }],
    ['A=', { A: '' }],
    ['A: b', { A: 'b' }],
    ['# A=1\n\nnonsense\nB=2\r\nC=3', { B: '2', C: '3' }],
    ['A=x\nA=y', { A: 'y' }],
    ['A=x\nB=${A}/$A/\\$A', { A: 'x', B: 'x/x/$A' }],
    ['A=${NONE:-d}${NONE-e}${P:+set}', { A: 'deset' }],
    ['A=$P', { A: 'process' }],
    ['A=a=b', { A: 'a=b' }],
    ["A='it", { A: "'it" }],
  ])('%j', (text, expected) => {
    expect(Object.fromEntries(readDotenv(text, { P: 'process' }))).toEqual(expected);
  });

  it('bounds values that double', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `V${index + 1}=$V${index}$V${index}`);
    const values = readDotenv(['V0=xxxxxxxx', ...lines].join('\n'), {});
    expect(Math.max(...[...values.values()].map((value) => value.length))).toBeLessThan(200_000);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const [key] of readDotenv(text, {})) expect(text).toContain(key);
      }),
    );
  });
});
