// The activation as a formula: parsed, derived, checked against the automatic gradient, compiled and trained. Here the
// two engines meet.

import { diff, equal, evaluate, fold, parse, simplify, toExpr, variables } from '@leibniz/symbolic';
import { elementwise, type Formula, type Tensor, tensor } from '@leibniz/tensor';
import { UsageError } from './errors.ts';

export interface Activation {
  readonly formula: string;
  /** The derivative by x, as the symbolic engine writes it. */
  readonly derivative: string;
  /** The largest relative difference between the symbolic and the automatic derivative, in double precision. */
  readonly disagreement: number;
  apply(x: Tensor): Tensor;
}

/** Where the two derivatives are compared: on both sides of 0, and beside every likely kink rather than on it. */
const POINTS = Float64Array.from({ length: 41 }, (_, i) => (i - 20) / 4 + 0.037);

/** What two correct derivatives may differ by, relative to their size and at least 1. */
const TOLERANCE = 1e-10;

/**
 * Makes the activation that a formula in one variable stands for.
 *
 * @throws UsageError if the formula has more than one variable, or no value or derivative somewhere in (-5, 5).
 * @example
 * import { activationOf } from '@leibniz/trainer';
 * const swish = activationOf('x*sigmoid(x)');
 * swish.disagreement < 1e-12; // => true
 */
export function activationOf(formula: string): Activation {
  const e = parse(formula);
  const names = variables(e);
  if (names.length > 1) {
    throw new UsageError(
      `The activation ${e} has the variables ${names.join(', ')}; one is what it can have`,
    );
  }
  const name = names[0] ?? 'x';
  const derivative = simplify(diff(e, name));
  if (equal(derivative, 0).verdict === 'proved') {
    throw new UsageError(`The activation ${e} has derivative 0 everywhere, so nothing below it could learn`);
  }
  const ofElements: Formula = ($, u) => fold(e, $, { [name]: u! });
  const apply = (x: Tensor) => elementwise(ofElements, x);
  const disagreement = compare(String(e), toExpr(derivative), name, apply);
  return { formula: String(e), derivative: String(derivative), disagreement, apply };
}

function compare(
  formula: string,
  derivative: ReturnType<typeof toExpr>,
  name: string,
  apply: (x: Tensor) => Tensor,
): number {
  const x = tensor(POINTS, { dtype: 'float64', requiresGrad: true });
  const values = apply(x);
  values.sum().backward();
  const automatic = x.grad!.dataSync();
  const forward = values.dataSync();
  let worst = 0;
  for (const [i, point] of POINTS.entries()) {
    const symbolic = evaluate(derivative, { [name]: point });
    if (!Number.isFinite(symbolic) || !Number.isFinite(forward[i])) {
      throw new UsageError(
        `The activation ${formula} or its derivative has no finite value at ${name} = ${point}`,
      );
    }
    worst = Math.max(worst, Math.abs(symbolic - automatic[i]!) / Math.max(1, Math.abs(symbolic)));
  }
  if (worst > TOLERANCE) {
    throw new Error(`The derivatives of ${formula} disagree by ${worst}: the symbolic one is ${derivative}`);
  }
  return worst;
}
