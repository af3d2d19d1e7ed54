// First and second derivatives of scalar functions at 1,000 points each: the automatic ones, in reverse and in forward
// mode, against those that the symbolic engine writes.

import { ops } from '@leibniz/ops';
import { diff, fold, parse } from '@leibniz/symbolic';
import { elementwise, Generator, grad, jvp, rand, type Tensor } from '@leibniz/tensor';
import { exactly, rounding, UNITS } from './rounding.ts';

export const POINTS = 1000;

export type Interval = readonly [from: number, to: number];

const COMPOSED: readonly (readonly [formula: string, x: Interval])[] = [
  ['log(x^4 + x^3 + 2)', [-3, 3]],
  ['exp(-x^2/2)/sqrt(2*pi)', [-3, 3]],
  ['x*sin(1/x)', [0.2, 3]],
  ['sin(x)^3*cos(2*x)', [-3, 3]],
  ['(1 + x^2)^(-3/2)', [-3, 3]],
  ['tanh(3*x) - x*sigmoid(x)', [-3, 3]],
  ['sqrt(1 + exp(x))', [-3, 3]],
  ['x^x', [0.3, 3]],
  ['2^x*x^3', [-3, 3]],
  ['erf(x)*gamma(x)', [0.4, 4]],
  ['log(cosh(x))', [-3, 3]],
  ['atan(x)/(1 + x^2)', [-3, 3]],
  ['lgamma(1 + x^2)', [-2, 2]],
  ['(x^5 - 3*x^2 + 1)/(x^2 + 1)', [-3, 3]],
];

/** By x alone: the second argument of a binary function is 1.5 x, or 3 - x where its range needs it. */
export const FUNCTIONS: readonly (readonly [formula: string, x: Interval])[] = [
  ...Object.entries(ops.unary).map(([name, { sample }]) => [`${name}(x)`, sample] as const),
  ...['add', 'sub', 'mul', 'div', 'pow', 'atan2', 'hypot', 'logaddexp'].map(
    (name) => [`${name}(x, 3 - x)`, [0.5, 2.5]] as const,
  ),
  ['polygamma(1, x)', [0.5, 4]],
  ...COMPOSED,
];

const written = (formula: string): string =>
  formula
    .replace(/^add\((.*), (.*)\)$/, '($1) + ($2)')
    .replace(/^sub\((.*), (.*)\)$/, '($1) - ($2)')
    .replace(/^mul\((.*), (.*)\)$/, '($1)*($2)')
    .replace(/^div\((.*), (.*)\)$/, '($1)/($2)')
    .replace(/^neg\((.*)\)$/, '-($1)')
    .replace(/^inv\((.*)\)$/, '1/($1)');

/** How far the two engines are from each other. */
export interface Deviation {
  readonly order: 1 | 2;
  /** The worst difference, relative to the sum of the magnitudes of all terms of the evaluation. */
  readonly worst: number;
  readonly at: number;
  /** At how many points the symbolic derivative is finite. */
  readonly compared: number;
}

/** Compares both modes and their mixtures with the symbolic derivative, at random points. */
export function deviationsOf(formula: string, [from, to]: Interval): Deviation[] {
  const e = parse(written(formula));
  const x = rand([POINTS], { dtype: 'float64', generator: new Generator(1) })
    .mul(to - from)
    .add(from);
  const f = (x: Tensor) => elementwise(($, x) => fold(e, $, { x: x! }), x);
  const along = (g: (x: Tensor) => Tensor) => (x: Tensor) => jvp((x) => g(x!), [x], [x.mul(0).add(1)])[1];
  const back = (g: (x: Tensor) => Tensor) => (x: Tensor) => grad((x: Tensor) => g(x).sum())(x);
  const first = diff(e, 'x');
  const orders = [
    { order: 1, symbolic: first, automatic: [back(f), along(f)] },
    {
      order: 2,
      symbolic: diff(first, 'x'),
      automatic: [back(back(f)), along(back(f)), back(along(f)), along(along(f))],
    },
  ] as const;
  return orders.map(({ order, symbolic, automatic }) => {
    const found = automatic.map((g) => g(x).dataSync());
    let [worst, at, compared] = [0, Number.NaN, 0];
    for (const [i, point] of x.dataSync().entries()) {
      const { value, error } = fold(symbolic, rounding, { x: exactly(point) });
      if (!Number.isFinite(value) || !Number.isFinite(error)) continue;
      compared++;
      for (const derivative of found) {
        const difference = Math.abs(derivative[i]! - value);
        const ratio = difference === 0 ? 0 : difference / (error / UNITS);
        if (!Number.isNaN(worst) && !(ratio <= worst)) [worst, at] = [ratio, point];
      }
    }
    return { order, worst, at, compared };
  });
}
