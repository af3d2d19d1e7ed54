// TeX as a second language: whatever is written in it reads back.

import { diff, parse, parseTex, toTex } from '@leibniz/symbolic';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomFormula } from './randomFormula.ts';

it('the TeX of 1,000 random formulas reads back to equal expressions', () => {
  fc.assert(
    fc.property(randomFormula, (text) => {
      const e = parse(text);
      expect(parseTex(toTex(e)).equals(e)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it('so does the TeX of their derivatives', () => {
  fc.assert(
    fc.property(randomFormula, (text) => {
      const e = diff(text, 'x');
      expect(parseTex(toTex(e)).equals(e)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
