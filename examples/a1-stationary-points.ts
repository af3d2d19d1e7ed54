// Where f(x) = log(x⁴ + x³ + 2) stands still. The text beside Listing A.1 calls x = 0 a minimum. It is a level stretch
// of a slope: the first derivative that is not zero there is the third, and odd powers change their sign.
import { diff, equal, evaluate, simplify, substitute } from '@leibniz/symbolic';

const f = 'log(x^4 + x^3 + 2)';

/** The derivatives at a point, exactly, up to the first that is not zero; f is analytic and not constant: it exists. */
function firstDerivatives(x: string): string[] {
  const values: string[] = [];
  while (values.every((value) => Number(value) === 0)) {
    values.push(String(simplify(substitute(diff(f, 'x', values.length + 1), { x }))));
  }
  return values;
}

/** What f does at a point: the order and the sign of the first derivative that is not zero decide. */
function behaviour(derivatives: readonly string[]): 'minimum' | 'maximum' | 'rising' | 'falling' {
  const isNegative = derivatives.at(-1)!.startsWith('-');
  if (derivatives.length % 2 === 0) return isNegative ? 'maximum' : 'minimum';
  return isNegative ? 'falling' : 'rising';
}

export function stationaryPoints() {
  // x⁴ + x³ + 2 has no real zero, so f' is zero where x²(4x + 3) is: at 0, without changing its sign, and at -3/4.
  const factored = 'x^2*(4x + 3)/(x^4 + x^3 + 2)';
  const points = ['-3/4', '0'].map((x) => {
    const derivatives = firstDerivatives(x);
    return { x, f: evaluate(substitute(f, { x })), derivatives, behaviour: behaviour(derivatives) };
  });
  return { factored, isTheDerivative: equal(factored, diff(f, 'x')).verdict, points };
}

if (import.meta.main) console.dir(stationaryPoints(), { depth: 3 });
