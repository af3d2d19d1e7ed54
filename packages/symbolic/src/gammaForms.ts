// Γ and its logarithmic derivatives in normal form: shifted by whole numbers, and reflected or doubled where that leads
// to values that came up already.

import type { Elementary } from './elementary.ts';
import { minus, number, power } from './generators.ts';
import {
  add,
  constantPart,
  constantValue,
  multiply,
  ONE_POLYNOMIAL,
  type Polynomial,
  real,
  scale,
  ZERO,
} from './polynomial.ts';
import { Rational } from './rational.ts';

/** Whole shifts of an argument up to this size are written out. */
const MAX_SHIFT = 40n;

const HALF = number(Rational.HALF);

export class GammaForms {
  private readonly forms: Elementary;

  constructor(forms: Elementary) {
    this.forms = forms;
  }

  /** Whether any of these functions came up. */
  get cameUpAtAll(): boolean {
    return ['gamma', 'polygamma'].some((kind) => this.forms.table.ofKind(kind).length > 0);
  }

  /** Γ(u + k) = Γ(u) u (u+1) … (u+k-1); Γ(1/2) = √π. */
  gamma(u: Polynomial): Polynomial {
    const { whole, rest } = shifted(u);
    if (rest.size === 0 && whole > 0n) return number(factorial(whole - 1n));
    if (constantValue(rest)?.re.equals(Rational.HALF)) {
      return multiply(this.rising(rest, whole), this.forms.root(this.forms.pi, Rational.HALF));
    }
    if (rest.size === 0) return this.forms.opaque('gamma', [u]);
    return multiply(
      this.rising(rest, whole),
      this.reflected(rest) ?? this.doubled(rest) ?? this.forms.opaque('gamma', [rest]),
    );
  }

  /** Γ(u) = π / (sin(πu) Γ(1 - u)) where the latter came up. */
  private reflected(u: Polynomial): Polynomial | undefined {
    const { whole, rest } = shifted(minus(ONE_POLYNOMIAL, u));
    const mirrored = this.forms.table.find('gamma', [this.forms.canonical(rest)]);
    if (mirrored === undefined || this.forms.table.isZero(minus(rest, u))) return undefined;
    const pi = this.forms.pi;
    const below = multiply(this.rising(rest, whole), power(mirrored));
    const sine = this.forms.trigonometric('sin', multiply(pi, u));
    return multiply(pi, this.forms.inverse(multiply(sine, below)));
  }

  /** Γ(2v) = 2^(2v-1) Γ(v) Γ(v + 1/2) / √π where one of those came up. */
  private doubled(u: Polynomial): Polynomial | undefined {
    const v = scale(u, real(Rational.HALF));
    const parts = [v, add(v, HALF)].map(shifted);
    if (!parts.some(({ rest }) => this.cameUp('gamma', [rest]))) return undefined;
    const factors = parts.map(({ whole, rest }) =>
      multiply(this.rising(rest, whole), this.forms.opaque('gamma', [rest])),
    );
    const size = this.forms.exp(multiply(minus(u, ONE_POLYNOMIAL), this.forms.logOfNumber(Rational.of(2))));
    const root = this.forms.root(this.forms.pi, Rational.HALF.neg());
    return [...factors, size, root].reduce((a, b) => multiply(a, b));
  }

  /** u (u+1) … (u+k-1), or for k < 0 what undoes it. */
  private rising(u: Polynomial, k: bigint): Polynomial {
    let product = ONE_POLYNOMIAL;
    for (let j = 0n; j < k; j++) product = multiply(product, add(u, number(Rational.of(j))));
    for (let j = k; j < 0n; j++)
      product = multiply(product, this.forms.inverse(add(u, number(Rational.of(j)))));
    return product;
  }

  /** ψ⁽ᵐ⁾(u + k) = ψ⁽ᵐ⁾(u) + (-1)^m m! Σ (u + j)^(-m-1). */
  polygamma(order: Polynomial, u: Polynomial): Polynomial {
    const m = constantValue(order)?.re;
    const { whole, rest } = shifted(u);
    if (!m?.isInteger || m.sign < 0 || m.p > MAX_SHIFT) return this.forms.opaque('polygamma', [order, u]);
    if (!constantValue(rest)) {
      const other = this.reflectedPolygamma(m.p, u, rest) ?? this.doubledPolygamma(m.p, u);
      if (other) return other;
    }
    const base = constantValue(rest) ? add(rest, ONE_POLYNOMIAL) : rest;
    const steps = constantValue(rest) ? whole - 1n : whole;
    if (base !== rest && steps < 0n) return this.forms.opaque('polygamma', [order, u]);
    let sum = ZERO;
    const term = (j: bigint) => this.forms.raised(add(base, number(Rational.of(j))), -m.p - 1n);
    for (let j = 0n; j < steps; j++) sum = add(sum, term(j));
    for (let j = steps; j < 0n; j++) sum = minus(sum, term(j));
    const factor = factorial(m.p).mul(Rational.of(m.p % 2n === 0n ? 1 : -1));
    return add(this.forms.opaque('polygamma', [order, base]), scale(sum, real(factor)));
  }

  /** ψ(u) = ψ(1 - u) - π cot πu and ψ'(u) = π²/sin² πu - ψ'(1 - u), where the latter came up. */
  private reflectedPolygamma(m: bigint, u: Polynomial, rest: Polynomial): Polynomial | undefined {
    const order = number(Rational.of(m));
    const mirror = shifted(minus(ONE_POLYNOMIAL, rest)).rest;
    if (m > 1n || this.forms.table.isZero(minus(mirror, rest)) || !this.cameUp('polygamma', [order, mirror]))
      return undefined;
    const pi = this.forms.pi;
    const angle = multiply(pi, u);
    const cosecant = this.forms.inverse(this.forms.trigonometric('sin', angle));
    const other = this.polygamma(order, minus(ONE_POLYNOMIAL, u));
    const ratio = multiply(pi, cosecant);
    return m === 0n
      ? minus(other, multiply(ratio, this.forms.trigonometric('cos', angle)))
      : minus(multiply(ratio, ratio), other);
  }

  /** ψ(2v) = ψ(v)/2 + ψ(v + 1/2)/2 + log 2 where one of those came up. */
  private doubledPolygamma(m: bigint, u: Polynomial): Polynomial | undefined {
    const v = scale(u, real(Rational.HALF));
    const parts = [v, add(v, HALF)];
    if (m !== 0n || !parts.some((part) => this.cameUp('polygamma', [ZERO, shifted(part).rest])))
      return undefined;
    const sum = add(this.polygamma(ZERO, v), this.polygamma(ZERO, add(v, HALF)));
    return add(scale(sum, real(Rational.HALF)), this.forms.logOfNumber(Rational.of(2)));
  }

  private cameUp(kind: string, args: readonly Polynomial[]): boolean {
    return (
      this.forms.table.find(
        kind,
        args.map((arg) => this.forms.canonical(arg)),
      ) !== undefined
    );
  }
}

/** u = rest + whole with the constant term of the rest in [0, 1), unless the shift is a long one. */
function shifted(u: Polynomial): { whole: bigint; rest: Polynomial } {
  const whole = constantPart(u).floor();
  if (whole > MAX_SHIFT || whole < -MAX_SHIFT) return { whole: 0n, rest: u };
  return { whole, rest: minus(u, number(Rational.of(whole))) };
}

function factorial(n: bigint): Rational {
  let product = 1n;
  for (let k = 2n; k <= n; k++) product *= k;
  return Rational.of(product);
}
