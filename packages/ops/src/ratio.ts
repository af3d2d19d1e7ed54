/** The bits of a positive integer. */
export const bitLength = (n: bigint): number =>
  n.toString(16).length * 4 - Math.clz32(Number.parseInt(n.toString(16)[0]!, 16)) + 28;

/**
 * The double nearest to p / q (q > 0), ties to even, for integers of any size; ±Infinity where it overflows.
 *
 * @example
 * import { ratio } from '@leibniz/ops';
 * ratio(1n, 3n) === 1 / 3; // => true
 * ratio(10n ** 400n, 10n ** 399n); // => 10
 */
export function ratio(p: bigint, q: bigint): number {
  if (p < 0n) return -ratio(-p, q);
  if (p === 0n) return 0;
  const exponent = bitLength(p) - bitLength(q);
  // A quotient of at least 55 bits, fewer below the normal range; its last bit gathers what the division drops.
  const shift = BigInt(Math.min(55 - exponent, 1076));
  const scaled = shift >= 0n ? p << shift : p;
  const divisor = shift >= 0n ? q : q << -shift;
  const quotient = scaled / divisor;
  const sticky = quotient * divisor === scaled ? 0n : 1n;
  const rounded = Number((quotient << 1n) | sticky);
  const halves = Math.floor(Number(shift + 1n) / 2);
  return rounded * 2 ** -halves * 2 ** -(Number(shift) + 1 - halves);
}
