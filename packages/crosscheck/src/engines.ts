// One formula, differentiated three ways: by the symbolic engine, by the automatic one (fused into one kernel, and
// operation by operation), and measured by finite differences.

import { derivative, type Estimate } from '@leibniz/gradcheck';
import { ops } from '@leibniz/ops';
import { diff, type Expr, fold, parse } from '@leibniz/symbolic';
import { elementwise, type Tensor, tensor } from '@leibniz/tensor';
import { exactly, type Rounded, rounding } from './rounding.ts';
import { tensors } from './tensors.ts';

export type Variable = 'x' | 'y';
export type Point = Readonly<Record<Variable, number>>;

/** A disagreement, told so that it can be followed up. */
export class DisagreementError extends Error {
  override readonly name = 'DisagreementError';
}

/** How many times the bound on rounding errors two derivatives may be apart: their operations differ in number. */
const SLACK = 16;

/**
 * Differentiates a formula by both variables in every way, and compares at each point where it is finite.
 *
 * @returns at how many points the comparison was made.
 * @throws DisagreementError.
 */
export function compareEngines(text: string, points: readonly Point[]): number {
  const e = parse(text);
  const results = (['x', 'y'] as const).map((variable) => compareBy(e, variable, points));
  return results.reduce((sum, count) => sum + count, 0);
}

function compareBy(e: Expr, variable: Variable, points: readonly Point[]): number {
  const symbolic = diff(e, variable);
  const automatic = {
    'the fused automatic gradient': gradientOf(fused(e), variable, points),
    'the automatic gradient': gradientOf(unfused(e), variable, points),
  };
  let compared = 0;
  for (const [i, point] of points.entries()) {
    const expected = fold(symbolic, rounding, { x: exactly(point.x), y: exactly(point.y) });
    if (!Number.isFinite(expected.value) || !Number.isFinite(expected.error)) continue;
    const where = `d/d${variable} of ${e} at x = ${point.x}, y = ${point.y}`;
    for (const [name, gradient] of Object.entries(automatic)) {
      expectClose(`${name}, ${where}`, gradient[i]!, expected);
    }
    compared += expectMeasured(where, expected, measure(e, variable, point)) ? 1 : 0;
  }
  return compared;
}

type Function2 = (x: Tensor, y: Tensor) => Tensor;

const fused =
  (e: Expr): Function2 =>
  (x, y) =>
    elementwise(($, u, v) => fold(e, $, { x: u!, y: v! }), x, y);

const unfused =
  (e: Expr): Function2 =>
  (x, y) =>
    fold(e, tensors, { x, y });

function gradientOf(f: Function2, variable: Variable, points: readonly Point[]): ArrayLike<number> {
  const column = (name: Variable) =>
    tensor(
      Float64Array.from(points, (point) => point[name]),
      { dtype: 'float64', requiresGrad: true },
    );
  const at = { x: column('x'), y: column('y') };
  const value = f(at.x, at.y);
  // A formula without variables is a tensor without history, whose gradients are zero.
  if (!value.requiresGrad) return new Float64Array(points.length);
  value.sum().backward();
  return at[variable].grad?.dataSync() ?? new Float64Array(points.length);
}

function expectClose(what: string, found: number, { value, error }: Rounded): void {
  if (Math.abs(found - value) <= SLACK * error) return;
  throw new DisagreementError(`${what} is ${found}, the symbolic derivative ${value} ± ${error}`);
}

function measure(e: Expr, variable: Variable, point: Point): Estimate {
  const f = (t: number) => fold(e, ops.numbers, { ...point, [variable]: t });
  return derivative(f, point[variable], { step: 1e-2 });
}

/** Whether the measurement was sharp enough to say anything; beside a kink it is not. */
function expectMeasured(where: string, { value, error }: Rounded, measured: Estimate): boolean {
  if (!(measured.error < 1e-5 * Math.max(1, Math.abs(value)))) return false;
  const tolerance = 8 * measured.error + SLACK * error + 1e-9 * Math.max(1, Math.abs(value));
  if (Math.abs(measured.value - value) <= tolerance) return true;
  throw new DisagreementError(
    `${where} measures ${measured.value} ± ${measured.error}, the symbolic derivative is ${value} ± ${error}`,
  );
}
