/**
 * The power of IEEE 754 and C. ECMAScript differs: there 1 to the power of NaN or of an infinity is NaN, and so is -1 to
 * that of an infinity.
 */
export const pow = (x: number, y: number): number =>
  x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
