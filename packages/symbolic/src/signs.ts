// What is known of signs. |p| is s·p with a generator s for the sign of p, s² = 1. That a product is not negative is an
// equation among signs, solved for the latest of them; signs that cannot be otherwise are found by adding up what is
// known to be positive.

import type { Atoms } from './atoms.ts';
import { type Generators, minus, number, power, withSign } from './generators.ts';
import { isolateRoots } from './isolate.ts';
import {
  add,
  collect,
  constantValue,
  exponentOf,
  generatorsOf,
  multiply,
  ONE_POLYNOMIAL,
  onlyTerm,
  type Polynomial,
  real,
  scale,
  ZERO,
} from './polynomial.ts';
import { lcm, Rational } from './rational.ts';

/** More free signs than this are not tried out. */
const MAX_FREE_SIGNS = 6;

type Assignment = ReadonlyMap<number, 1 | -1>;

const SIGN_OF_ARGUMENT = new Set(['asin', 'atan', 'erf']);

const MINUS_ONE = number(Rational.MINUS_ONE);
const negated = (p: Polynomial) => scale(p, real(Rational.MINUS_ONE));

export class Signs {
  private readonly table: Generators;
  private readonly atoms: Atoms;
  /** Polynomials that are not negative wherever both sides are defined. */
  private readonly known: Polynomial[] = [];
  /** The generators of signs, by atom. */
  private readonly signs = new Map<number, number>();
  /** Atoms that are not zero wherever both sides are defined. */
  private readonly nonzero = new Set<number>();
  /** Atoms whose signs depend on those of others. */
  private readonly linked = new Set<number>();
  /** Whether what is known contradicts itself: the sides are defined nowhere together, or only on an edge. */
  isContradictory = false;

  constructor(table: Generators, atoms: Atoms) {
    this.table = table;
    this.atoms = atoms;
  }

  /** The sign of an atom, where it is not zero: 1, -1 or a generator. */
  of(g: number): Polynomial {
    const { kind, isPositive } = this.table.at(g);
    if (kind === 'sign') return power(g);
    if (isPositive) return ONE_POLYNOMIAL;
    const p = this.atoms.polynomialOf(g);
    const found = this.signs.get(g);
    if (found !== undefined) return this.table.reduce(power(found));
    const alike = this.ofSameSign(g) ?? this.exponentOf(p) ?? this.besideRoot(p);
    if (alike) return this.ofPolynomial(alike);
    const sign = this.evident(p);
    if (sign !== undefined) return sign === 1 ? ONE_POLYNOMIAL : MINUS_ONE;
    const s = this.table.make({
      kind: 'sign',
      args: [p],
      isReal: true,
      isPositive: false,
      relation: { modulus: 2, base: ONE_POLYNOMIAL },
    });
    this.signs.set(g, s);
    return power(s);
  }

  /** The argument of a function that has its sign. */
  private ofSameSign(g: number): Polynomial | undefined {
    const { kind, args } = this.table.at(g);
    return SIGN_OF_ARGUMENT.has(kind) ? args[0] : undefined;
  }

  /** v - w, if p is e^v - e^w, which has the sign of that. */
  private exponentOf(p: Polynomial): Polynomial | undefined {
    const [first, second] = [...p.values()].sort((a, b) => b.coefficient.re.sign - a.coefficient.re.sign);
    if (p.size !== 2 || !first!.coefficient.re.isOne || !second!.coefficient.re.neg().isOne) return undefined;
    const exponents = [first!, second!].map(({ monomial, coefficient }) => {
      const isExponential = monomial.every(
        ([g]) => this.table.at(g).kind === 'exp' && this.table.at(g).isReal,
      );
      if (!isExponential || !coefficient.im.isZero) return undefined;
      return monomial
        .map(([g, n]) => scale(this.table.at(g).args[0]!, real(Rational.of(n))))
        .reduce(add, ZERO);
    });
    return exponents[0] && exponents[1] && minus(exponents[0], exponents[1]);
  }

  /** The sign of u, where it is not zero. */
  ofPolynomial(u: Polynomial): Polynomial {
    const { coefficient, powers } = this.atoms.split(u);
    let sign = coefficient.sign < 0 ? MINUS_ONE : ONE_POLYNOMIAL;
    for (const [g, n] of powers) if (n % 2 !== 0) sign = multiply(sign, this.of(g));
    return this.table.reduce(sign);
  }

  /**
   * Takes note that u is positive, or only not negative. Returns whether what follows for the signs of its factors may
   * fail where u is 0: there one factor vanishes and says nothing of the others.
   */
  learn(u: Polynomial, isStrict: boolean): boolean {
    const { powers } = this.atoms.split(u);
    if (isStrict) for (const [g] of powers) this.nonzero.add(g);
    if (this.isNonnegative(u)) return false;
    const signs = powers.filter(([, n]) => n % 2 !== 0).map(([g]) => [g, this.of(g)] as const);
    const isFree = (g: number) => {
      const sign = onlyTerm(signs.find(([other]) => other === g)?.[1] ?? ONE_POLYNOMIAL)!.monomial;
      return sign.length === 1 && this.free([sign[0]![0]]).length === 1 && !this.linked.has(g);
    };
    const vanishing = powers.filter(([g]) => this.canVanish(g)).map(([g]) => g);
    const isLone = vanishing.length <= 1 && !vanishing.some((g) => this.linked.has(g));
    const failsAtZero = !isStrict && !isLone && !vanishing.every(isFree);
    if (powers.length > 1) for (const g of vanishing) this.linked.add(g);
    this.known.push(u);
    this.require(this.ofPolynomial(u));
    return failsAtZero;
  }

  private canVanish(g: number): boolean {
    const { kind, isNonzero, value, args } = this.table.at(g);
    if (this.nonzero.has(g) || isNonzero || value || kind === 'exp' || kind === 'sign') return false;
    return !this.isStrictlyPositive(kind === 'atom' || kind === 'root' ? args[0]! : power(g));
  }

  /** Whether half of the constant term may be taken away without the rest becoming negative. */
  private isStrictlyPositive(p: Polynomial): boolean {
    const constant = p.get('')?.coefficient.re;
    if (!constant || constant.sign <= 0) return false;
    return this.isNonnegative(minus(p, number(constant.mul(Rational.HALF))));
  }

  /** Takes note that a product of signs is 1, by solving for the latest of them. */
  private require(product: Polynomial): void {
    const term = onlyTerm(product)!;
    const latest = term.monomial.at(-1)?.[0];
    if (latest === undefined) {
      if (term.coefficient.re.sign < 0) this.isContradictory = true;
      return;
    }
    const others = collect([{ monomial: term.monomial.slice(0, -1), coefficient: term.coefficient }]);
    this.table.relate(latest, { modulus: 1, base: others });
  }

  /** Settles the signs that cannot be otherwise. */
  infer(): void {
    for (let changed = true; changed && !this.isContradictory; ) {
      changed = false;
      for (const s of this.free(this.table.ofKind('sign'))) {
        const only = ([1, -1] as const).filter((sign) => !this.isImpossible(new Map([[s, sign]])));
        if (only.length === 2) continue;
        if (only.length === 0) this.isContradictory = true;
        else this.table.relate(s, { modulus: 1, base: only[0] === 1 ? ONE_POLYNOMIAL : MINUS_ONE });
        changed = true;
      }
    }
  }

  private free(signs: Iterable<number>): number[] {
    return [...signs].filter((g) => {
      const { kind, relation } = this.table.at(g);
      return kind === 'sign' && relation!.modulus === 2;
    });
  }

  /** Whether the polynomial is zero for every assignment of the signs in it that is not evidently impossible. */
  isZeroForAll(a: Polynomial): boolean {
    const reduced = this.table.numerator(a);
    if (reduced.size === 0) return true;
    return this.inEveryCase([reduced], (assigned) => assigned(reduced).size === 0);
  }

  /** Whether a check succeeds for every assignment of the free signs in some polynomials that is not impossible. */
  inEveryCase(
    polynomials: readonly Polynomial[],
    check: (assigned: (p: Polynomial) => Polynomial) => boolean,
  ): boolean {
    const free = this.free(new Set(polynomials.flatMap((p) => [...generatorsOf(p)])));
    if (free.length > MAX_FREE_SIGNS) return false;
    for (let mask = 0; mask < 2 ** free.length; mask++) {
      const assignment = new Map(free.map((g, i) => [g, mask & (1 << i) ? -1 : 1] as const));
      const assigned = (p: Polynomial) =>
        [...assignment].reduce((rest, [g, sign]) => withSign(rest, g, sign), this.table.numerator(p));
      if (!check(assigned) && !this.isImpossible(assignment)) return false;
    }
    return true;
  }

  /** Whether two things that are then positive add up to what is not. */
  private isImpossible(assignment: Assignment): boolean {
    const positives = [...this.known];
    for (const g of this.table.ofKind('sign')) {
      let sign = this.table.reduce(power(g));
      for (const [other, value] of assignment) sign = withSign(sign, other, value);
      const value = constantValue(sign);
      if (value) positives.push(scale(this.table.at(g).args[0]!, value));
    }
    if (positives.some((p) => this.isNonnegative(negated(p), 0))) return true;
    for (let i = 0; i < positives.length; i++) {
      for (let j = i + 1; j < positives.length; j++) {
        for (const multiple of cancelling(positives[i]!, positives[j]!)) {
          const total = add(positives[i]!, scale(positives[j]!, real(multiple)));
          if (this.isNonnegative(negated(total), 2)) return true;
        }
      }
    }
    return false;
  }

  /** 1 or -1 where the sign of a polynomial shows; at its zeros it counts as either. */
  private evident(p: Polynomial): 1 | -1 | undefined {
    const exact = this.table.valueOf(p);
    if (exact) return exact.value > 0 ? 1 : -1;
    if (this.isNonnegative(p) || this.hasNoRoots(p)) return 1;
    return this.isNonnegative(negated(p)) || this.hasNoRoots(negated(p)) ? -1 : undefined;
  }

  /** Whether the polynomial is evidently not negative, perhaps by subtracting what is known not to be. */
  isNonnegative(p: Polynomial, subtractions = 2): boolean {
    if (this.isTermwiseNonnegative(p) || this.isQuadraticNonnegative(p)) return true;
    if (subtractions === 0) return false;
    return this.known.some((q) =>
      cancelling(negated(p), q).some((multiple) =>
        this.isNonnegative(minus(p, scale(q, real(multiple))), subtractions - 1),
      ),
    );
  }

  /** Every term a positive number times squares and positive generators; or waves that a constant outweighs. */
  private isTermwiseNonnegative(p: Polynomial): boolean {
    const exact = this.table.valueOf(p);
    if (exact) return exact.value > 0;
    let waves = Rational.ZERO;
    for (const { monomial, coefficient } of p.values()) {
      if (monomial.length > 0 && monomial.every(([g]) => this.isUnit(g))) {
        waves = waves.add(coefficient.re.abs()).add(coefficient.im.abs());
      } else if (monomial.length === 0) {
        waves = waves.sub(coefficient.re);
        if (!coefficient.im.isZero) return false;
      } else if (!coefficient.im.isZero || !this.isTermNonnegative(monomial, coefficient.re)) return false;
    }
    return waves.sign <= 0;
  }

  /** Whether it is e^(iu) for a real u, which has size 1. */
  private isUnit(g: number): boolean {
    const { kind, args } = this.table.at(g);
    return kind === 'cis' && [...generatorsOf(args[0]!)].every((h) => this.table.at(h).isReal);
  }

  private isTermNonnegative(
    monomial: readonly (readonly [number, number])[],
    coefficient: Rational,
  ): boolean {
    let sign = coefficient.sign;
    for (const [g, n] of monomial) {
      const { isReal, isPositive } = this.table.at(g);
      if (!isReal) return false;
      if (n % 2 === 0 || isPositive) continue;
      const own = constantValue(this.knownSign(g));
      if (!own) return false;
      sign *= own.re.sign;
    }
    return sign > 0;
  }

  /** The sign of a generator as far as it is settled already. */
  private knownSign(g: number): Polynomial {
    const { kind, value } = this.table.at(g);
    if (value) return number(Rational.of(Math.sign(value.value)));
    if (kind === 'sign') return this.table.reduce(power(g));
    const found = this.signs.get(g);
    return found === undefined ? power(g) : this.table.reduce(power(found));
  }

  /** a t² + b t + c with a > 0 and 4ac >= b², in some generator. */
  private isQuadraticNonnegative(p: Polynomial): boolean {
    for (const g of generatorsOf(p)) {
      const { isReal } = this.table.at(g);
      if (!isReal) continue;
      const exponents = new Set([...p.values()].map(({ monomial }) => exponentOf(monomial, g)));
      const most = Math.max(...exponents);
      if (
        most <= 0 ||
        most % 2 !== 0 ||
        ![...exponents].every((n) => n === 0 || n === most || n === most / 2)
      )
        continue;
      const [a, b, c] = [most, most / 2, 0].map((n) => coefficientOf(p, g, n)) as [
        Polynomial,
        Polynomial,
        Polynomial,
      ];
      if (!this.isTermwiseNonnegative(a)) continue;
      const four = scale(multiply(a, c), real(Rational.of(4)));
      if (this.isTermwiseNonnegative(minus(four, multiply(b, b)))) return true;
    }
    return false;
  }

  /** What has the sign of p = a + b√c: b where b²c >= a², a where a² >= b²c. */
  private besideRoot(p: Polynomial): Polynomial | undefined {
    for (const g of generatorsOf(p)) {
      const { kind, relation } = this.table.at(g);
      if (kind !== 'root') continue;
      const half = relation!.modulus / 2;
      if (![...p.values()].every(({ monomial }) => [0, half].includes(exponentOf(monomial, g)))) continue;
      const [a, b] = [coefficientOf(p, g, 0), coefficientOf(p, g, half)];
      if (a.size === 0 || b.size === 0) continue;
      const rest = multiply(multiply(b, b), relation!.base);
      const excess = this.table.reduce(minus(rest, multiply(a, a)));
      if (this.isNonnegative(excess)) return b;
      if (this.isNonnegative(negated(excess))) return a;
    }
    return undefined;
  }

  /** An irreducible polynomial in one variable that has no real root and is positive somewhere. */
  private hasNoRoots(p: Polynomial): boolean {
    const [g, ...others] = generatorsOf(p);
    if (g === undefined || others.length > 0 || !this.table.at(g).kind.startsWith('sym ')) return false;
    const coefficients: Rational[] = [];
    for (const { monomial, coefficient } of p.values()) {
      const n = exponentOf(monomial, g);
      if (n < 0 || n > 40 || !coefficient.im.isZero) return false;
      coefficients[n] = coefficient.re;
    }
    const constant = coefficients[0];
    if (!constant || constant.sign <= 0 || coefficients.length % 2 === 0) return false;
    const common = coefficients.reduce((a, c) => (c ? lcm(a, c.q) : a), 1n);
    const integers = Array.from(coefficients, (c) => (c ? c.mul(Rational.of(common)).p : 0n));
    return isolateRoots(integers).length === 0;
  }
}

/** What a power of a generator is multiplied by. */
const coefficientOf = (p: Polynomial, g: number, n: number): Polynomial =>
  collect(
    [...p.values()]
      .filter(({ monomial }) => exponentOf(monomial, g) === n)
      .map(({ monomial, coefficient }) => ({
        monomial: monomial.filter(([other]) => other !== g),
        coefficient,
      })),
  );

/** The positive multiples of q that cancel a term of p. */
function cancelling(p: Polynomial, q: Polynomial): Rational[] {
  const multiples: Rational[] = [];
  for (const [key, { coefficient }] of q) {
    const own = p.get(key)?.coefficient;
    if (!own || own.re.isZero || coefficient.re.isZero) continue;
    const multiple = own.re.div(coefficient.re).neg();
    if (multiple.sign > 0 && !multiples.some((known) => known.equals(multiple))) multiples.push(multiple);
  }
  return multiples;
}
