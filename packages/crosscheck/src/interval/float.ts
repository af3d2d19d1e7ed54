// Binary floating-point numbers with directed rounding.

/** Bits kept of an end. */
export const BITS = 256;

/** m · 2^e */
export interface Float {
  readonly m: bigint;
  readonly e: number;
}

export const size = (n: bigint) => (n < 0n ? -n : n);
export const lengthOf = (n: bigint) => size(n).toString(2).length;

export const ZERO: Float = { m: 0n, e: 0 };

/** At most BITS bits, rounded down for the lower end and up for the upper; bigint shifts round down. */
export function rounded({ m, e }: Float, isUpper: boolean): Float {
  const excess = lengthOf(m) - BITS;
  if (excess <= 0) return { m, e };
  const by = BigInt(excess);
  return { m: isUpper ? -(-m >> by) : m >> by, e: e + excess };
}

export function aligned(a: Float, b: Float): [bigint, bigint, number] {
  const e = Math.min(a.e, b.e);
  return [a.m << BigInt(a.e - e), b.m << BigInt(b.e - e), e];
}

export function plus(a: Float, b: Float): Float {
  if (a.m === 0n) return b;
  if (b.m === 0n) return a;
  const [x, y, e] = aligned(a, b);
  return { m: x + y, e };
}

export const times = (a: Float, b: Float): Float => ({ m: a.m * b.m, e: a.e + b.e });
export const negative = ({ m, e }: Float): Float => ({ m: -m, e });

export function compare(a: Float, b: Float): number {
  if (a.m === 0n || b.m === 0n || a.m > 0n !== b.m > 0n) return a.m === b.m ? 0 : a.m < b.m ? -1 : 1;
  const [top, other] = [lengthOf(a.m) + a.e, lengthOf(b.m) + b.e];
  if (top !== other) return top > other === a.m > 0n ? 1 : -1;
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export const least = (...xs: Float[]) => xs.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
export const most = (...xs: Float[]) => xs.reduce((a, b) => (compare(a, b) >= 0 ? a : b));

/** a / b rounded down or up. */
export function quotient(a: Float, b: Float, isUpper: boolean): Float {
  const shift = BITS + 8 + Math.max(0, lengthOf(b.m) - lengthOf(a.m));
  const [m, n] = b.m < 0n ? [-a.m, -b.m] : [a.m, b.m];
  const up = m << BigInt(shift);
  const down = up >= 0n ? up / n : -((-up + n - 1n) / n);
  return { m: isUpper && down * n !== up ? down + 1n : down, e: a.e - b.e - shift };
}

export const isNegative = (x: Float) => x.m < 0n;

/** n ≈ √m by Heron's rule, rounded down. */
function squareRoot(m: bigint): bigint {
  if (m < 2n) return m;
  let x = 1n << BigInt((lengthOf(m) + 1) >> 1);
  for (;;) {
    const next = (x + m / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

export function sqrtEnd(x: Float, isUpper: boolean): Float {
  const shift = 2 * BITS + (x.e % 2 === 0 ? 0 : 1);
  const scaled = x.m << BigInt(shift);
  const root = squareRoot(scaled);
  return { m: isUpper && root * root !== scaled ? root + 1n : root, e: (x.e - shift) / 2 };
}

export const floorOf = ({ m, e }: Float): bigint => (e >= 0 ? m << BigInt(e) : m >> BigInt(-e));
