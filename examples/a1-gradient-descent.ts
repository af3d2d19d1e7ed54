// Listing A.1: the minimum of f(x) = log(x⁴ + x³ + 2) by gradient descent from x = -9.41, in 5,000 steps of rate 0.001.
//
// The chain rule divides by x⁴ + x³ + 2, the listing by the logarithm of that. Both are positive, so the sign is right
// and the zeros are; the steps are too long, and lead to the minimum. Those of the right derivative end far from it.
import { diff, evaluate, type Input, verify } from '@leibniz/symbolic';
import { compile } from '@leibniz/symbolic/compile';
import { lineChart } from '@leibniz/trainer/chart';
import { writeFigures } from './figures.ts';

const f = 'log(x^4 + x^3 + 2)';
const printed = '(4x^3 + 3x^2)/log(x^4 + x^3 + 2)';
const derived = diff(f, 'x');

/** The points x, x - rate·f'(x), … of a descent. */
function descent(derivative: Input, { start = -9.41, rate = 0.001, steps = 5_000 } = {}): number[] {
  const slope = compile(derivative, ['x']);
  const points = [start];
  for (let x = start; points.length <= steps; points.push(x)) x -= rate * slope(x);
  return points;
}

export function gradientDescent() {
  const { verdict, witness, ratio, hint } = verify(f, printed, { wrt: 'x' });
  return {
    endAsPrinted: descent(printed).at(-1)!,
    endAsDerived: descent(derived).at(-1)!,
    stepsNeeded: descent(derived, { steps: 30_000 }).findIndex((x) => Math.abs(x + 0.75) < 1e-9),
    printedDerivative: verdict,
    witness: { x: String(witness?.at.x), claimed: witness?.left, correct: witness?.right },
    offByFactor: String(ratio),
    hint,
  };
}

export function figure(): string {
  const value = (x: number) => evaluate(f, { x });
  const dots = (points: number[], every: number) =>
    points.flatMap((x, i) => (i % every === 0 ? [x, Number.NaN] : []));
  const [asPrinted, asDerived] = [descent(printed), descent(derived)];
  const series = {
    'f(x)': Array.from({ length: 541 }, (_, i) => i / 40 - 10),
    'as printed, every 50 steps': dots(asPrinted.slice(0, 1_000), 50),
    'as derived, every 500 steps': dots(asDerived, 500),
  };
  const ends = [asPrinted, asDerived].map((points) => points.at(-1)!);
  return lineChart({
    title: 'Gradient descent on f(x) = log(x⁴ + x³ + 2)',
    xLabel: 'x',
    yLabel: 'f(x)',
    series: Object.entries(series).map(([name, x]) => ({ name, x, y: x.map(value) })),
    points: ends.map((x) => ({ x, y: value(x), label: `x = ${x.toFixed(3).replace('-', '−')}` })),
  });
}

if (import.meta.main) {
  console.log(gradientDescent());
  writeFigures({ 'a1-gradient-descent': figure() });
}
