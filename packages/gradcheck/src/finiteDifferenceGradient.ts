import { centralDifference, type Quotient, representable } from './centralDifference.ts';
import { requireOption } from './GradcheckError.ts';

/** Where a function of many numbers is examined. Tuples keep their length, so `([x, y]) => x * y` has types. */
export type Point = number[] | [number] | Float64Array;

/** A function of many numbers as a function of its i-th alone, the others held at `at`. */
export function along<P extends Point>(f: (x: P) => number, at: P, i: number): (t: number) => number {
  return (t) => {
    const moved = at.slice() as P;
    moved[i] = t;
    return f(moved);
  };
}

/** One central difference of a function of one number, at a step relative to max(1, |x|). */
export function quotientAt(f: (t: number) => number, x: number, step: number, epsilon: number): Quotient {
  return centralDifference[1](f, x, representable(x, step * Math.max(1, Math.abs(x))), epsilon);
}

/**
 * The gradient of `f` at a point by central differences: two evaluations an entry. `f` gets a fresh copy each time.
 *
 * The step is relative to max(1, |x|). 1e-6 suits functions computed in double precision; for single precision take
 * about 1e-3.
 *
 * @example
 * import { finiteDifferenceGradient } from '@leibniz/gradcheck';
 *
 * const gradient = finiteDifferenceGradient(([x, y]) => x ** 4 + y ** 2, [1, 3]);
 * Array.from(gradient, (entry) => entry.toFixed(6)); // => [ '4.000000', '6.000000' ]
 */
export function finiteDifferenceGradient<P extends Point>(
  f: (x: P) => number,
  at: P,
  { step = 1e-6 }: { readonly step?: number } = {},
): Float64Array {
  requireOption('step', step, step > 0 && Number.isFinite(step), 'a positive number');
  return Float64Array.from(at, (x, i) => quotientAt(along(f, at, i), x, step, Number.EPSILON).value);
}
