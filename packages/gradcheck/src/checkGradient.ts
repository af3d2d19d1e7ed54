import { derivative, type Estimate } from './derivative.ts';
import { along, type Point, quotientAt } from './finiteDifferenceGradient.ts';
import { GradcheckError, requireOption } from './GradcheckError.ts';

/** `unclear`: the measurement is coarser than the tolerance, so it can neither support nor refute the claim. */
export type Verdict = 'agrees' | 'unclear' | 'differs' | 'not finite';

/** One entry of a gradient, as claimed and as measured. */
export interface GradientEntry {
  readonly index: number;
  readonly claimed: number;
  readonly measured: number;
  readonly error: number;
  readonly tolerance: number;
  readonly verdict: Verdict;
}

export interface GradientCheck {
  /** Whether every entry agrees. */
  readonly ok: boolean;
  readonly worst: GradientEntry;
  readonly failures: readonly GradientEntry[];
  /** The result in one sentence. */
  readonly message: string;
}

export interface CheckOptions {
  /** Step of the first look, relative to max(1, |x|). */
  readonly step?: number;
  readonly absolute?: number;
  readonly relative?: number;
  /** Relative precision of the values of f: 2^-52 by default, 2^-23 for one that computes in single precision. */
  readonly epsilon?: number;
}

/** A gradient: its entries, or the function that gives them. */
export type Gradient<P extends Point> = ArrayLike<number> | ((at: P) => ArrayLike<number>);

/**
 * Compares a gradient with finite differences of `f`, entry by entry.
 *
 * An entry is first measured by one central difference. Where that does not confirm the claim, it is measured again by
 * Ridders' method, whose error estimate notices what spoils a single difference: a step too wide, or values of `f`
 * that are a small difference of large terms, so that their rounding is large. The claim may be off by
 *
 *   tolerance = absolute + relative * |measured| + the error of the measurement
 *
 * so cancellation is not mistaken for a wrong gradient. It does not excuse one either: where the measurement's own
 * error is more than the rest of the tolerance, the verdict is `unclear` and the check fails. So it does on every
 * value that is not finite, claimed or measured, even if both are the same infinity.
 *
 * @example
 * import { checkGradient } from '@leibniz/gradcheck';
 *
 * const f = ([x, y]: [number, number]) => x ** 4 + y ** 2;
 * checkGradient(f, ([x, y]) => [4 * x ** 3, 2 * y], [1, 3]).ok; // => true
 *
 * const { ok, worst } = checkGradient(f, [4, 3], [1, 3]);
 * ok; // => false
 * `${worst.verdict} at ${worst.index}: ${worst.claimed}, not ${worst.measured.toFixed(4)}`;
 * // => differs at 1: 3, not 6.0000
 */
export function checkGradient<P extends Point>(
  f: (x: P) => number,
  gradient: Gradient<P>,
  at: P,
  options: CheckOptions = {},
): GradientCheck {
  const { step = 1e-6, absolute = 1e-5, relative = 1e-3, epsilon = Number.EPSILON } = options;
  requireOption('step', step, step > 0 && Number.isFinite(step), 'a positive number');
  requireOption('absolute', absolute, absolute >= 0, 'a number that is not negative');
  requireOption('relative', relative, relative >= 0, 'a number that is not negative');
  const claims = typeof gradient === 'function' ? gradient(at.slice() as P) : gradient;
  requireSameLength(claims, at);
  const entries = Array.from(at, (x, index) => {
    const g = along(f, at, index);
    const judged = (estimate: Estimate) => judge(index, claims[index]!, estimate, absolute, relative);
    const { value, rounding } = quotientAt(g, x, step, epsilon);
    const first = judged({ value, error: rounding });
    return first.verdict === 'agrees' ? first : judged(derivative(g, x, { epsilon }));
  });
  return summary(entries);
}

function requireSameLength(claims: ArrayLike<number>, at: Point): void {
  if (at.length === 0) {
    throw new GradcheckError('ERR_GRADCHECK_EMPTY', 'Cannot check a gradient at a point of no coordinates');
  }
  if (claims.length !== at.length) {
    const [entries, coordinates] = [claims.length, at.length];
    const why = `Cannot check a gradient of ${entries} entries at a point of ${coordinates}: they must be as many`;
    throw new GradcheckError('ERR_GRADCHECK_LENGTH', why);
  }
}

function judge(
  index: number,
  claimed: number,
  estimate: Estimate,
  absolute: number,
  relative: number,
): GradientEntry {
  const measured = estimate.value;
  const allowed = absolute + relative * Math.abs(measured);
  const tolerance = allowed + estimate.error;
  const error = Math.abs(claimed - measured);
  const verdict = verdictOf(error, tolerance, estimate.error > allowed);
  return { index, claimed, measured, error, tolerance, verdict };
}

function verdictOf(error: number, tolerance: number, isCoarse: boolean): Verdict {
  if (!Number.isFinite(error)) return 'not finite';
  if (error > tolerance) return 'differs';
  return isCoarse ? 'unclear' : 'agrees';
}

const SEVERITY: Readonly<Record<Verdict, number>> = { agrees: 0, unclear: 1, differs: 2, 'not finite': 3 };

/** By verdict, then by the ratio of error to tolerance (multiplied out, for either may be zero). */
function isWorse(a: GradientEntry, b: GradientEntry): boolean {
  const severity = SEVERITY[a.verdict] - SEVERITY[b.verdict];
  return severity !== 0 ? severity > 0 : a.error * b.tolerance > b.error * a.tolerance;
}

function summary(entries: readonly GradientEntry[]): GradientCheck {
  const failures = entries.filter((entry) => entry.verdict !== 'agrees');
  const worst = entries.reduce((worst, entry) => (isWorse(entry, worst) ? entry : worst));
  const ok = failures.length === 0;
  const outcome = ok
    ? `The gradient agrees with finite differences in all ${entries.length} entries`
    : `The gradient fails against finite differences in ${failures.length} of ${entries.length} entries`;
  return { ok, worst, failures, message: `${outcome}; worst at ${describe(worst)}` };
}

function describe({ index, claimed, measured, error, tolerance, verdict }: GradientEntry): string {
  const [off, allowed] = [error.toPrecision(3), tolerance.toPrecision(3)];
  return `index ${index}: claimed ${claimed}, measured ${measured}, error ${off}, tolerance ${allowed} (${verdict})`;
}
