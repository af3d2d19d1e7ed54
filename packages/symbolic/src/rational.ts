import { bitLength, ratio } from '@leibniz/ops';

/** The greatest common divisor, which is not negative. */
export function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** An exact fraction in lowest terms with a positive denominator. */
export class Rational {
  readonly p: bigint;
  readonly q: bigint;

  private constructor(p: bigint, q: bigint) {
    this.p = p;
    this.q = q;
  }

  static readonly ZERO = new Rational(0n, 1n);
  static readonly ONE = new Rational(1n, 1n);
  static readonly MINUS_ONE = new Rational(-1n, 1n);
  static readonly HALF = new Rational(1n, 2n);

  /** p / q in lowest terms; a RangeError if q is 0. */
  static of(p: bigint | number, q: bigint | number = 1n): Rational {
    const numerator = BigInt(p);
    const denominator = BigInt(q);
    if (denominator === 0n) throw new RangeError(`Cannot make the fraction ${numerator}/0`);
    if (denominator === 1n) return new Rational(numerator, 1n);
    const divisor = gcd(numerator, denominator) * (denominator < 0n ? -1n : 1n);
    return new Rational(numerator / divisor, denominator / divisor);
  }

  /** The value of a decimal such as `12`, `0.1` or `1.5e-3`, exactly. */
  static decimal(text: string): Rational {
    const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
    const [whole = '', fraction = ''] = mantissa.split('.');
    const power = Number(exponent) - fraction.length;
    const digits = BigInt(whole + fraction);
    return power >= 0
      ? Rational.of(digits * 10n ** BigInt(power))
      : Rational.of(digits, 10n ** BigInt(-power));
  }

  add(other: Rational): Rational {
    if (this === Rational.ZERO) return other;
    if (other === Rational.ZERO) return this;
    if (this.q === 1n && other.q === 1n) return new Rational(this.p + other.p, 1n);
    return Rational.of(this.p * other.q + other.p * this.q, this.q * other.q);
  }

  /** The sum of all, by halves of halves, so that long fractions meet only long ones. */
  static total(values: readonly Rational[]): Rational {
    let parts = values;
    while (parts.length > 1) {
      const pairs: Rational[] = [];
      for (let i = 0; i < parts.length; i += 2) {
        pairs.push(i + 1 < parts.length ? parts[i]!.add(parts[i + 1]!) : parts[i]!);
      }
      parts = pairs;
    }
    return parts[0] ?? Rational.ZERO;
  }

  sub(other: Rational): Rational {
    return this.add(other.neg());
  }

  mul(other: Rational): Rational {
    if (this === Rational.ONE) return other;
    if (other === Rational.ONE) return this;
    if (this.q === 1n && other.q === 1n) return new Rational(this.p * other.p, 1n);
    return Rational.of(this.p * other.p, this.q * other.q);
  }

  div(other: Rational): Rational {
    return Rational.of(this.p * other.q, this.q * other.p);
  }

  neg(): Rational {
    return new Rational(-this.p, this.q);
  }

  /** The power with an integer exponent; a RangeError for 0 to a negative one. */
  pow(exponent: bigint): Rational {
    if (exponent >= 0n) return new Rational(this.p ** exponent, this.q ** exponent);
    if (this.p === 0n) throw new RangeError(`Cannot raise 0 to the power ${exponent}`);
    const sign = this.p < 0n ? -1n : 1n;
    return new Rational((sign * this.q) ** -exponent, (sign * this.p) ** -exponent);
  }

  compare(other: Rational): number {
    const left = this.p * other.q;
    const right = other.p * this.q;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(other: Rational): boolean {
    return this.p === other.p && this.q === other.q;
  }

  get sign(): -1 | 0 | 1 {
    return this.p > 0n ? 1 : this.p < 0n ? -1 : 0;
  }

  /** The value rounded to so many significant digits, as a decimal such as `-0.75` or `1.25e-40`. */
  toDecimal(digits: number): string {
    if (this.p === 0n) return '0';
    const size = this.abs();
    let exponent = Math.floor((bitLength(size.p) - bitLength(size.q)) * Math.log10(2)) - 1;
    const scaled = (places: number) =>
      size
        .mul(Rational.of(10).pow(BigInt(places)))
        .add(Rational.HALF)
        .floor();
    let mantissa = scaled(digits - 1 - exponent);
    while (mantissa >= 10n ** BigInt(digits)) mantissa = scaled(digits - 1 - ++exponent);
    const text = mantissa.toString().replace(/0+$/, '');
    const sign = this.p < 0n ? '-' : '';
    if (exponent < -6 || exponent >= 21) {
      return `${sign}${text[0]}${text.length > 1 ? `.${text.slice(1)}` : ''}e${exponent}`;
    }
    if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${text}`;
    const whole = text.padEnd(exponent + 1, '0');
    return `${sign}${whole.slice(0, exponent + 1)}${whole.length > exponent + 1 ? `.${whole.slice(exponent + 1)}` : ''}`;
  }

  /** The text, since JSON has no exact fractions. */
  toJSON(): string {
    return this.toString();
  }

  get isInteger(): boolean {
    return this.q === 1n;
  }

  get isZero(): boolean {
    return this.p === 0n;
  }

  get isOne(): boolean {
    return this.p === 1n && this.q === 1n;
  }

  abs(): Rational {
    return this.p < 0n ? this.neg() : this;
  }

  floor(): bigint {
    const quotient = this.p / this.q;
    return this.p < 0n && this.q !== 1n ? quotient - 1n : quotient;
  }

  /** How many bits the numerator and the denominator take together. */
  get bits(): number {
    return bitLength(this.p < 0n ? -this.p : this.p) + bitLength(this.q);
  }

  /** The nearest double. */
  toNumber(): number {
    return ratio(this.p, this.q);
  }

  toString(): string {
    return this.q === 1n ? `${this.p}` : `${this.p}/${this.q}`;
  }
}

/** The greatest integer whose k-th power is at most n, for n >= 0, by Newton's iteration. */
export function integerRoot(n: bigint, k: bigint): bigint {
  if (n < 2n) return n;
  if (k >= bitLength(n)) return 1n;
  let root = 1n << BigInt(Math.ceil(bitLength(n) / Number(k)));
  for (;;) {
    const next = ((k - 1n) * root + n / root ** (k - 1n)) / k;
    if (next >= root) return root;
    root = next;
  }
}

/** The least common multiple of two positive integers. */
export const lcm = (a: bigint, b: bigint): bigint => (a / gcd(a, b)) * b;

/** The greatest rational that divides both to integers: gcd of numerators over lcm of denominators. */
export function rationalGcd(a: Rational, b: Rational): Rational {
  return Rational.of(gcd(a.p, b.p), lcm(a.q, b.q));
}
