/** A difference quotient and the part of it that rounding of the values of f alone may have caused. */
export interface Quotient {
  readonly value: number;
  readonly rounding: number;
}

type Difference = (f: (x: number) => number, x: number, h: number, epsilon: number) => Quotient;

/**
 * Central differences by order; `epsilon` is the relative precision of the values of f. The errors are even in h,
 * which is what extrapolation builds on:
 *
 *   f'(x)  = (f(x+h) - f(x-h)) / 2h           + O(h^2)
 *   f''(x) = (f(x+h) - 2 f(x) + f(x-h)) / h^2 + O(h^2)
 */
export const centralDifference: Readonly<Record<1 | 2, Difference>> = {
  1: (f, x, h, epsilon) => {
    const [right, left] = [f(x + h), f(x - h)];
    const rounding = epsilon * (Math.abs(right) + Math.abs(left));
    return { value: (right - left) / (2 * h), rounding: rounding / (2 * h) };
  },
  2: (f, x, h, epsilon) => {
    const [right, middle, left] = [f(x + h), f(x), f(x - h)];
    const rounding = epsilon * (Math.abs(right) + 2 * Math.abs(middle) + Math.abs(left));
    return { value: (right - middle - (middle - left)) / h ** 2, rounding: rounding / h ** 2 };
  },
};

/** The step next to `h` that x + h represents exactly, so that the quotient divides by the step really taken. */
export const representable = (x: number, h: number) => x + h - x;
