// Exponentials, logarithms, roots and trigonometric functions of polynomials. A real power of u is that of |u|, and
// log u is log |u|, since neither has a value at u < 0 anyway: so both split over the factors of u, whatever their signs.

import { Atoms, valued } from './atoms.ts';
import { LimitError } from './errors.ts';
import {
  type Approximation,
  type Generator,
  Generators,
  minus,
  number,
  power,
  ROUNDING,
} from './generators.ts';
import {
  add,
  collect,
  constantValue,
  divideExactly,
  type Gaussian,
  generatorsOf,
  IMAGINARY,
  invertTerm,
  leadingTerm,
  type Monomial,
  multiply,
  multiplyTerms,
  ONE_POLYNOMIAL,
  onlyTerm,
  type Polynomial,
  raise,
  real,
  scale,
  type Term,
  ZERO,
} from './polynomial.ts';
import { Rational } from './rational.ts';
import { Signs } from './signs.ts';
import { halfTurn, INVERSES, turn, turnOfInverse } from './turns.ts';

/** Exponentials and roots are counted in these parts, so that halves to eighths share a generator. */
const GRAIN = 840;

/** The largest whole power that is multiplied out. */
const MAX_POWER = 200n;

const MINUS_I: Gaussian = { re: Rational.ZERO, im: Rational.MINUS_ONE };

export class Elementary {
  readonly table = new Generators();
  readonly atoms = new Atoms(this.table, GRAIN);
  readonly signs = new Signs(this.table, this.atoms);

  get pi(): Polynomial {
    return this.plain('pi', [], { isPositive: true, value: { value: Math.PI, relative: ROUNDING } });
  }

  /** 1/u as a product of powers of atoms. */
  inverse(u: Polynomial): Polynomial {
    const term = onlyTerm(u);
    if (term) return collect([invertTerm(term)]);
    const { coefficient, powers } = this.atoms.split(u);
    const monomial = powers.map(([g, n]) => [g, -n] as const);
    return collect([{ monomial, coefficient: real(Rational.ONE.div(coefficient)) }]);
  }

  plain(
    kind: string,
    args: readonly Polynomial[],
    facts: Partial<Pick<Generator, 'isPositive' | 'isNonzero' | 'isWhole' | 'value'>> = {},
  ): Polynomial {
    const g =
      this.table.find(kind, args) ??
      this.table.make({ kind, args, isReal: true, isPositive: false, ...facts });
    return power(g);
  }

  /** ⌊u⌋, as it stands. */
  floor(u: Polynomial): Polynomial {
    return this.plain('floor', [this.canonical(u)], { isWhole: true });
  }

  raised(base: Polynomial, exponent: bigint): Polynomial {
    if (exponent < 0n) return this.raised(this.inverse(base), -exponent);
    if (exponent > MAX_POWER && base.size > 1)
      throw new LimitError('the power of a polynomial', Number(MAX_POWER), `${exponent}`);
    return raise(base, Number(exponent));
  }

  opaque(name: string, args: readonly Polynomial[]): Polynomial {
    return this.plain(
      name,
      args.map((arg) => this.canonical(arg)),
    );
  }

  /** (-c)^n = (-1)^n c^n: it has a value at whole n only, and there (-1)^n is 1 or -1. */
  powerOfNegative(base: Rational, n: Polynomial): Polynomial {
    return multiply(this.alternating(n), this.exp(multiply(n, this.log(number(base.abs())))));
  }

  /** u^n = |u|^n (sign u)^n for a whole n, where u is not zero. */
  wholePower(u: Polynomial, n: Polynomial): Polynomial {
    const sign = onlyTerm(this.signs.ofPolynomial(u))!;
    const size = this.exp(multiply(n, this.log(u)));
    const turned = sign.coefficient.re.sign < 0 ? multiply(size, this.alternating(n)) : size;
    return sign.monomial.reduce((product, [s]) => multiply(product, this.alternating(n, power(s))), turned);
  }

  /** (-1)^n, or the power of another sign, for whole n, over the terms of n that are whole by themselves. */
  private alternating(n: Polynomial, sign = number(Rational.MINUS_ONE)): Polynomial {
    let product = ONE_POLYNOMIAL;
    const rest: Term[] = [];
    const factor = (exponent: Polynomial) => {
      const g =
        this.table.find('sign^', [sign, exponent]) ??
        this.table.make({
          kind: 'sign^',
          args: [sign, exponent],
          isReal: true,
          isPositive: false,
          isNonzero: true,
          relation: { modulus: 2, base: ONE_POLYNOMIAL },
        });
      product = multiply(product, power(g));
    };
    for (const term of this.table.reduce(n).values()) {
      const { monomial, coefficient } = term;
      if (!coefficient.re.isInteger || !coefficient.im.isZero || !this.isWhole(monomial)) rest.push(term);
      else if (coefficient.re.p % 2n === 0n) continue;
      else if (monomial.length === 0) product = multiply(product, sign);
      else factor(collect([{ monomial, coefficient: real(Rational.ONE) }]));
    }
    if (rest.length > 0) factor(collect(rest));
    return product;
  }

  /** Whether a product of powers is a whole number. */
  private isWhole(monomial: Monomial): boolean {
    return monomial.every(([g, n]) => n > 0 && this.table.at(g).isWhole);
  }

  /** w, if the monomial is π w for a whole w. */
  private wholeTurns(monomial: Monomial): Monomial | undefined {
    const others = monomial.filter(([g]) => this.table.at(g).kind !== 'pi');
    const isTurn =
      others.length === monomial.length - 1 &&
      monomial.some(([g, n]) => n === 1 && this.table.at(g).kind === 'pi');
    return isTurn && others.length > 0 && this.isWhole(others) ? others : undefined;
  }

  /** e^u as a product over the terms of u: e^(c·m) is a power of the generator of m. */
  exp(u: Polynomial): Polynomial {
    let product = ONE_POLYNOMIAL;
    for (const { monomial, coefficient } of this.canonical(u).values()) {
      const [power] = monomial;
      const { kind, args } = power ? this.table.at(power[0]) : { kind: '', args: [] };
      const isLone = monomial.length === 1 && power![1] === 1;
      if (isLone && kind === 'log') {
        product = multiply(product, this.root(args[0]!, coefficient.re));
        product = multiply(product, this.exponential('cis', monomial, coefficient.im));
      } else if (coefficient.re.isZero && coefficient.im.isInteger && this.wholeTurns(monomial)) {
        const whole = { monomial: this.wholeTurns(monomial)!, coefficient: real(coefficient.im) };
        product = multiply(product, this.alternating(collect([whole])));
      } else if (isLone && coefficient.re.isZero && coefficient.im.q === 2n && INVERSES.has(kind)) {
        product = multiply(product, halfTurn(this, monomial, coefficient.im.p));
      } else {
        product = multiply(product, this.exponential('exp', monomial, coefficient.re));
        product = multiply(
          product,
          isLone && kind === 'pi'
            ? turn(this, coefficient.im)
            : this.exponential('cis', monomial, coefficient.im),
        );
      }
    }
    return product;
  }

  /** e^(c·m) or e^(i·c·m) for a monomial m. */
  private exponential(kind: 'exp' | 'cis', monomial: Monomial, c: Rational): Polynomial {
    if (c.isZero) return ONE_POLYNOMIAL;
    const grain = BigInt(GRAIN) % c.q === 0n ? GRAIN : Number(c.q);
    const args = [collect([{ monomial, coefficient: real(Rational.of(1, grain)) }])];
    let g = this.table.find(kind, args);
    if (g === undefined) {
      const isReal = kind === 'exp' && monomial.every(([h]) => this.table.at(h).isReal);
      const value = kind === 'exp' ? this.table.valueOf(args[0]!) : undefined;
      const base = kind === 'cis' ? turnOfInverse(this, monomial, grain) : undefined;
      g = this.table.make({
        kind,
        args,
        isReal,
        isPositive: isReal,
        ...valued(
          value && {
            value: Math.exp(value.value),
            relative: 2 * Math.abs(value.value) * value.relative + ROUNDING,
          },
        ),
        ...(base && { relation: { modulus: grain, base } }),
      });
    }
    const n = c.mul(Rational.of(grain));
    return power(g, Number(n.p));
  }

  /** sin and cos: (e^(iu) ∓ e^(-iu)) / 2 or 2i. */
  trigonometric(name: 'sin' | 'cos', u: Polynomial): Polynomial {
    const forward = this.exp(scale(u, IMAGINARY));
    const backward = this.exp(scale(u, MINUS_I));
    if (name === 'cos') return scale(add(forward, backward), real(Rational.HALF));
    return scale(minus(forward, backward), { re: Rational.ZERO, im: Rational.HALF.neg() });
  }

  /** log |u| over the factors of u. */
  log(u: Polynomial): Polynomial {
    const { coefficient, powers } = this.atoms.split(u);
    let sum = this.logOfNumber(coefficient.abs());
    for (const [g, n] of powers) sum = add(sum, scale(this.logOfAtom(g), real(Rational.of(n))));
    return sum;
  }

  private logOfAtom(g: number): Polynomial {
    const { kind, args } = this.table.at(g);
    if (kind === 'exp') return args[0]!;
    if (kind === 'sign') return ZERO;
    if (kind === 'root') return scale(this.log(args[0]!), constantValue(args[1]!)!);
    const unit = this.unitPartner(g);
    if (unit) return minus(this.log(unit.norm), this.logOfAtom(unit.partner));
    return this.lone(g);
  }

  /** log |p| of an atom p that says no more. */
  private lone(g: number): Polynomial {
    const { value } = this.table.at(g);
    const log = value && Math.log(Math.abs(value.value));
    const error = value ? 2 * value.relative + ROUNDING : 0;
    const known = log ? { value: { value: log, relative: error / Math.abs(log) + ROUNDING } } : {};
    return this.plain('log', [this.atoms.polynomialOf(g)], known);
  }

  logOfNumber(value: Rational): Polynomial {
    return [...primePowers(value)].reduce((sum, [prime, n]) => {
      const log = this.plain('log', [number(Rational.of(prime))], {
        isPositive: true,
        value: { value: Math.log(Number(prime)), relative: ROUNDING },
      });
      return add(sum, scale(log, real(Rational.of(n))));
    }, ZERO);
  }

  /** |u|^r over the factors of u. */
  root(u: Polynomial, r: Rational): Polynomial {
    if (r.isZero) return ONE_POLYNOMIAL;
    if (r.sign > 0 && this.table.isZero(u)) return ZERO;
    const { coefficient, powers } = this.atoms.split(u);
    let product = this.rootOfNumber(coefficient.abs(), r);
    for (const [g, n] of powers) product = multiply(product, this.rootOfAtom(g, r.mul(Rational.of(n))));
    return product;
  }

  private rootOfNumber(value: Rational, r: Rational): Polynomial {
    return [...primePowers(value)].reduce((product, [prime, n]) => {
      const base = number(Rational.of(prime));
      return multiply(
        product,
        this.fractionalPower(base, base, r.mul(Rational.of(n)), { value: Number(prime), relative: ROUNDING }),
      );
    }, ONE_POLYNOMIAL);
  }

  private rootOfAtom(g: number, r: Rational): Polynomial {
    const { kind, args, value } = this.table.at(g);
    if (kind === 'exp') return this.exp(scale(args[0]!, real(r)));
    if (kind === 'sign') return ONE_POLYNOMIAL;
    if (kind === 'root') return this.root(args[0]!, constantValue(args[1]!)!.re.mul(r));
    const unit = this.unitPartner(g);
    if (unit) return multiply(this.root(unit.norm, r), this.rootOfAtom(unit.partner, r.neg()));
    const sign = this.signs.of(g);
    return this.fractionalPower(power(g), multiply(sign, power(g)), r, value);
  }

  /** |p|^r as a whole power of |p| and one of the generator |p|^(1/grain) below |p|. */
  private fractionalPower(
    p: Polynomial,
    size: Polynomial,
    r: Rational,
    value: Approximation | undefined,
  ): Polynomial {
    const whole = r.floor();
    const rest = r.sub(Rational.of(whole));
    const outside = whole === 0n ? ONE_POLYNOMIAL : this.powerOfTerm(size, whole);
    if (rest.isZero) return outside;
    const grain = BigInt(GRAIN) % rest.q === 0n ? GRAIN : Number(rest.q);
    const exponent = number(Rational.of(1, grain));
    const base = this.table.reduce(p);
    let g = this.table.find('root', [base, exponent]);
    if (g === undefined) {
      g = this.table.make({
        kind: 'root',
        args: [base, exponent],
        isReal: true,
        isPositive: true,
        relation: { modulus: grain, base: size },
        ...valued(
          value && {
            value: Math.abs(value.value) ** (1 / grain),
            relative: value.relative / grain + ROUNDING,
          },
        ),
      });
    }
    return multiply(outside, power(g, Number(rest.mul(Rational.of(grain)).p)));
  }

  /** A single term to a whole power, the signs in it to the parity of that. */
  private powerOfTerm(size: Polynomial, n: bigint): Polynomial {
    const term = onlyTerm(size)!;
    const monomial = term.monomial.flatMap(([g, k]) => {
      if (this.table.at(g).kind === 'sign') return n % 2n === 0n ? [] : [[g, 1] as const];
      return [[g, k * Number(n)] as const];
    });
    return collect([{ monomial, coefficient: real(term.coefficient.re.pow(n)) }]);
  }

  /**
   * The conjugate of an atom a + b√c that is a logarithm or a root already, and their product a² - b²c: so that
   * log(√(x² + 1) - x) is -log(√(x² + 1) + x).
   */
  private unitPartner(g: number): { partner: number; norm: Polynomial } | undefined {
    if (this.table.at(g).kind !== 'atom') return undefined;
    const p = this.atoms.polynomialOf(g);
    for (const s of generatorsOf(p)) {
      const { kind } = this.table.at(s);
      if (kind !== 'root') continue;
      const conjugate = collect(
        [...p.values()].map((term) => {
          const n = term.monomial.find(([h]) => h === s)?.[1] ?? 0;
          return n === GRAIN / 2
            ? { ...term, coefficient: { re: term.coefficient.re.neg(), im: term.coefficient.im } }
            : term;
        }),
      );
      const isLinear = [...p.values()].every(({ monomial }) => {
        const n = monomial.find(([h]) => h === s)?.[1] ?? 0;
        return n === 0 || n === GRAIN / 2;
      });
      if (!isLinear) continue;
      const { powers } = this.atoms.split(conjugate);
      const [partner] = powers.at(-1) ?? [];
      if (partner === undefined || powers.length !== 1 || partner >= g) continue;
      const ratio = divideExactly(conjugate, this.atoms.polynomialOf(partner));
      const norm = this.table.reduce(multiply(p, conjugate));
      if (ratio) return { partner, norm: multiply(norm, this.inverse(ratio)) };
    }
    return undefined;
  }

  /** The same polynomial written in one way: relations used, and no leading term of an atom above the atom. */
  canonical(u: Polynomial): Polynomial {
    let result = this.table.reduce(u);
    for (const g of [...generatorsOf(result)].sort((a, b) => b - a)) {
      if (this.table.at(g).kind === 'atom') result = this.dividedBy(result, g);
    }
    return result;
  }

  /** u with lead(p)·p^(-k) replaced by p^(1-k) - (p - lead(p))·p^(-k), as long as that applies. */
  private dividedBy(u: Polynomial, g: number): Polynomial {
    const p = this.atoms.polynomialOf(g);
    const lead = leadingTerm(p);
    const applies = ({ monomial }: Term) =>
      (monomial.find(([h]) => h === g)?.[1] ?? 0) < 0 &&
      lead.monomial.every(([h, n]) => (monomial.find(([other]) => other === h)?.[1] ?? 0) >= n);
    let result = u;
    for (let steps = 0; steps < 100; steps++) {
      const term = [...result.values()].find(applies);
      if (!term) break;
      const quotient = collect([multiplyTerms(term, invertTerm(lead))]);
      const whole = multiply(quotient, power(g));
      result = add(minus(result, multiply(quotient, p)), whole);
    }
    return result;
  }
}

/** The prime powers of a positive rational, primes below 1000; a larger rest counts as one prime. */
function primePowers(value: Rational): Map<bigint, number> {
  const powers = new Map<bigint, number>();
  for (const [n, sign] of [
    [value.p, 1],
    [value.q, -1],
  ] as const) {
    let rest = n;
    for (let d = 2n; d < 1000n && d * d <= rest; d++) {
      for (; rest % d === 0n; rest /= d) powers.set(d, (powers.get(d) ?? 0) + sign);
    }
    if (rest > 1n) powers.set(rest, (powers.get(rest) ?? 0) + sign);
  }
  return powers;
}
