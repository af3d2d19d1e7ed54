// The gradient of x⁴ + y²: one partial derivative for each variable, with the others held still.
import { type Dual, dual, ops } from '@leibniz/ops';
import { evaluate, fold, gradient } from '@leibniz/symbolic';
import { tensor } from '@leibniz/tensor';

const f = 'x^4 + y^2';

/** The derivative as one variable moves by an infinitesimal and the others do not. */
function partial(at: Readonly<Record<string, number>>, moving: string): number | undefined {
  const point = Object.entries(at).map(([name, value]): [string, Dual<number>] => [
    name,
    name === moving ? { value, tangent: 1 } : { value },
  ]);
  return fold(f, dual(ops.numbers), Object.fromEntries(point)).tangent;
}

/** Both at once, backwards from the result. */
function backwards(at: { readonly x: number; readonly y: number }): (number | undefined)[] {
  const [x, y] = [tensor(at.x, { requiresGrad: true }), tensor(at.y, { requiresGrad: true })];
  x.pow(4).add(y.square()).backward();
  return [x, y].map(({ grad }) => grad?.item());
}

export function gradientOfTwoVariables() {
  const formulas = gradient(f, ['x', 'y']);
  const at = { x: 2, y: 3 };
  return {
    formulas: formulas.map(String),
    at,
    byFormulas: formulas.map((formula) => evaluate(formula, at)),
    byInfinitesimals: ['x', 'y'].map((name) => partial(at, name)),
    backwards: backwards(at),
  };
}

if (import.meta.main) console.dir(gradientOfTwoVariables());
