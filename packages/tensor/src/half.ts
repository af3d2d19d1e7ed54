// The two 16-bit floating-point formats as bits: IEEE 754 binary16, with 5 bits of exponent and 10 of fraction, and
// bfloat16, with 8 and 7. Values are rounded to the nearest, of two equally near to the even one.

interface Layout {
  readonly fractionBits: number;
  /** Of the smallest normal number, as a power of 2. */
  readonly leastExponent: number;
  readonly greatestExponent: number;
}

const float16: Layout = { fractionBits: 10, leastExponent: -14, greatestExponent: 15 };
const bfloat16: Layout = { fractionBits: 7, leastExponent: -126, greatestExponent: 127 };
export const halves = { float16, bfloat16 };
export type HalfName = keyof typeof halves;

const roundHalfToEven = (x: number): number => {
  const down = Math.floor(x);
  const rest = x - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
};

/** The bits of the nearest number of the format; what is too large is infinite. */
export function toBits(x: number, { fractionBits, leastExponent, greatestExponent }: Layout): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const infinity = (greatestExponent - leastExponent + 2) * 2 ** fractionBits;
  if (Number.isNaN(x)) return infinity + 2 ** (fractionBits - 1);
  const magnitude = Math.abs(x);
  if (magnitude === Number.POSITIVE_INFINITY) return sign + infinity;
  // The logarithm may miss by one, but so near to a power of two that both exponents lead to the bits of that.
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), leastExponent);
  // In units of the last place; a carry runs into the exponent, as it should.
  const units = roundHalfToEven(magnitude / 2 ** (exponent - fractionBits));
  const bits = (exponent - leastExponent) * 2 ** fractionBits + units;
  return sign + Math.min(bits, infinity);
}

/** The number that bits stand for. */
export function fromBits(bits: number, { fractionBits, leastExponent, greatestExponent }: Layout): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const rest = bits & 0x7fff;
  const biased = Math.floor(rest / 2 ** fractionBits);
  const fraction = rest % 2 ** fractionBits;
  if (biased === greatestExponent - leastExponent + 2)
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  const units = biased === 0 ? fraction : 2 ** fractionBits + fraction;
  return sign * units * 2 ** (Math.max(biased, 1) - 1 + leastExponent - fractionBits);
}
