// Random formulas through the symbolic engine alone: text and back, simplification, compilation, proofs.

import { countNodes, equal, evaluate, fold, parse, simplifySteps } from '@leibniz/symbolic';
import { compile } from '@leibniz/symbolic/compile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFormula } from './randomFormula.ts';
import { exactly, rounding } from './rounding.ts';

const POINTS = [
  { x: 0.37, y: -1.21 },
  { x: -2.03, y: 0.55 },
  { x: 1.18, y: 2.44 },
];

describe('on 1,000 random formulas', () => {
  it('the text reads back to an equal expression', () => {
    fc.assert(
      fc.property(randomFormula, (text) => {
        const e = parse(text);
        expect(parse(String(e)).equals(e)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('simplify keeps the values and does not grow', () => {
    fc.assert(
      fc.property(randomFormula, (text) => {
        const e = parse(text);
        const { result } = simplifySteps(e);
        expect(countNodes(result)).toBeLessThanOrEqual(countNodes(e));
        for (const at of POINTS) {
          const { value, error } = fold(e, rounding, { x: exactly(at.x), y: exactly(at.y) });
          if (!Number.isFinite(value)) continue;
          const after = fold(result, rounding, { x: exactly(at.x), y: exactly(at.y) });
          expect(Math.abs(after.value - value)).toBeLessThanOrEqual(4 * (error + after.error));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('a compiled function has the values of evaluate', () => {
    fc.assert(
      fc.property(randomFormula, (text) => {
        const f = compile(text, ['x', 'y']);
        for (const { x, y } of POINTS) expect(f(x, y)).toBe(evaluate(text, { x, y }));
      }),
      { numRuns: 1000 },
    );
  });
});

it('no random formula is told apart from its simplified form', () => {
  fc.assert(
    fc.property(randomFormula, (text) => {
      const { result } = simplifySteps(text);
      expect(equal(text, result).verdict).not.toBe('refuted');
    }),
    { numRuns: 150 },
  );
});

it('no random formula is proved equal to itself plus a little', () => {
  fc.assert(
    fc.property(randomFormula, (text) => {
      expect(equal(text, `${text} + 1e-30`).verdict).not.toBe('proved');
    }),
    { numRuns: 150 },
  );
});
