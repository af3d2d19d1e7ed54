// Symbolic derivatives, raw, simplified and compiled, against dual numbers: the number of wrong ones is a bar.

import { dual, ops } from '@leibniz/ops';
import { diff, type Expr, fold, parse, simplifySteps } from '@leibniz/symbolic';
import { compile } from '@leibniz/symbolic/compile';
import fc from 'fast-check';
import { randomFormula } from './randomFormula.ts';
import { exactly, type Rounded, rounding } from './rounding.ts';

export interface Wrong {
  readonly formula: string;
  readonly form: 'raw' | 'simplified' | 'compiled';
  readonly at: Readonly<Record<'x' | 'y', number>>;
  readonly found: number;
  readonly expected: number;
}

export interface Tally {
  readonly formulas: number;
  /** At how many points a comparison was made. */
  readonly compared: number;
  readonly wrong: readonly Wrong[];
}

/** How many bounds on rounding errors two right answers may be apart. */
const SLACK = 16;

/** Compares the derivatives by x of so many random formulas at so many points each. */
export function tallyDerivatives(formulas: number, points: number, seed: number): Tally {
  const wrong: Wrong[] = [];
  let compared = 0;
  for (const formula of fc.sample(randomFormula, { numRuns: formulas, seed })) {
    const forms = derivativesOf(parse(formula));
    for (const at of pointsOf(points)) {
      const expected = dualDerivative(forms.formula, at);
      const bound = fold(forms.raw, rounding, { x: exactly(at.x), y: exactly(at.y) });
      if (!Number.isFinite(expected) || !Number.isFinite(bound.value + bound.error)) continue;
      compared++;
      const found = {
        raw: bound,
        simplified: fold(forms.simplified, rounding, { x: exactly(at.x), y: exactly(at.y) }),
        compiled: { value: forms.compiled(at.x, at.y), error: bound.error },
      };
      for (const [form, value] of Object.entries(found) as ['raw' | 'simplified' | 'compiled', Rounded][]) {
        if (Math.abs(value.value - expected) <= SLACK * (bound.error + value.error)) continue;
        wrong.push({ formula, form, at, found: value.value, expected });
      }
    }
  }
  return { formulas, compared, wrong };
}

function derivativesOf(formula: Expr) {
  const raw = diff(formula, 'x');
  return { formula, raw, simplified: simplifySteps(raw).result, compiled: compile(raw, ['x', 'y']) };
}

const duals = dual(ops.numbers);

const dualDerivative = (e: Expr, { x, y }: Wrong['at']): number =>
  fold(e, duals, { x: { value: x, tangent: 1 }, y: { value: y } }).tangent ?? 0;

/** A spread of points in [-3, 3]², none of them on a likely kink. */
const pointsOf = (count: number): Wrong['at'][] =>
  Array.from({ length: count }, (_, i) => ({
    x: 6 * (((i + 1) * 0.754877666) % 1) - 3,
    y: 6 * (((i + 1) * 0.569840291) % 1) - 3,
  }));
