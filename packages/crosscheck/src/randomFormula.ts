// Random formulas for the tests: any function of the table, its argument brought into the range where the table says
// that it may be sampled, so that values stay finite and smooth points are common.

import { ops } from '@leibniz/ops';
import fc from 'fast-check';

/** Functions that are bounded or tame for every argument, so that theirs need not be brought into a range. */
const TAME = new Set([
  'sin',
  'cos',
  'tanh',
  'sigmoid',
  'atan',
  'erf',
  'softplus',
  'asinh',
  'relu',
  'abs',
  'sech',
]);

/** What a text can call by name; operators are written as such, `polygamma` takes an index. */
const OPERATORS = new Set(['neg', 'add', 'sub', 'mul', 'div', 'pow', 'polygamma']);

const decimal = (x: number) => `${Number(x.toPrecision(3))}`;

/** u moved smoothly into the interval. */
const into = ([from, to]: readonly [number, number], u: string) =>
  `(${decimal(from)} + ${decimal(to - from)}*sigmoid(${u}))`;

const unaryCalls = Object.entries(ops.unary)
  .filter(([name]) => !OPERATORS.has(name))
  .map(
    ([name, { sample }]) =>
      (u: string) =>
        `${name}(${TAME.has(name) ? u : into(sample, u)})`,
  );

const binaryCalls = Object.entries(ops.binary)
  .filter(([name]) => !OPERATORS.has(name))
  .map(
    ([name, { sample }]) =>
      (u: string, v: string) =>
        `${name}(${into(sample[0], u)}, ${into(sample[1], v)})`,
  );

const operators: readonly ((u: string, v: string) => string)[] = [
  (u, v) => `(${u} + ${v})`,
  (u, v) => `(${u} - ${v})`,
  (u, v) => `${u}*${v}`,
  (u, v) => `${u}/${into([0.4, 3], v)}`,
  (u, v) => `${into([0.3, 2], u)}^${into([-2, 2], v)}`,
];

const powers: readonly ((u: string) => string)[] = [
  (u) => `(${u})^2`,
  (u) => `(${u})^3`,
  (u) => `${into([0.3, 3], u)}^(-2)`,
  (u) => `${into([0.3, 3], u)}^(3/2)`,
  (u) => `(-(${u}))`,
];

const leaf = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('x', 'y') },
  { weight: 1, arbitrary: fc.constantFrom('pi', 'e', '1/3', '2', '0.7') },
);

/** A formula in x and y, up to four functions deep. */
export const randomFormula: fc.Arbitrary<string> = fc.letrec<{ formula: string }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.tuple(fc.constantFrom(...unaryCalls, ...powers), tie('formula')).map(([call, u]) => call(u)),
    fc
      .tuple(fc.constantFrom(...binaryCalls, ...operators), tie('formula'), tie('formula'))
      .map(([call, u, v]) => call(u, v)),
  ),
})).formula;
