// The constructors. They put sums, products and powers in canonical order with exact rationals, and do only what
// holds at every point: x + x becomes 2x, but x/x and log(x) - log(x) are left to `simplify`, which records
// conditions.

import { type Carrier, ops } from '@leibniz/ops';
import { LimitError } from './errors.ts';
import { exactValue } from './exact.ts';
import {
  compareExpr,
  isExp,
  makeCall,
  makeConstant,
  makeNum,
  makePower,
  makeProduct,
  makeSum,
  makeSym,
  sameHead,
} from './expr.ts';
import { isPositive, isTotal } from './facts.ts';
import type { ConstantName, Expr, Facts, Product } from './node.ts';
import { integerRoot, Rational } from './rational.ts';
import { postorder } from './walk.ts';

/** Nodes that one piece of work may make unless it is told: some gigabytes. */
const MAX_NODES = 5_000_000;

/** Powers of numbers are worked out up to this many bits; larger ones stay as they are written. */
const MAX_BITS = 20_000;

/** Exponents are multiplied out up to this size. */
const MAX_EXPONENT_BITS = 1000;

/**
 * Products with more factors than this stay whole inside another product, so that a chain of products, such as the
 * derivative of deeply nested functions, does not copy an ever longer list at every link.
 */
const CHUNK = 16;

/** Names of calls that are defined at every real point of their arguments, besides the entries of the table. */
const ALWAYS_DEFINED = new Set(['less', 'lessEqual', 'equal', 'not', 'and', 'or', 'where']);

/** What the constructors ask of a function. */
interface FunctionFacts {
  /** Whether it has a value at every real point of its arguments. */
  readonly defined: boolean;
  readonly parity: 'even' | 'odd' | undefined;
}

const FUNCTIONS: ReadonlyMap<string, FunctionFacts> = new Map([
  ...[...ALWAYS_DEFINED].map((name): [string, FunctionFacts] => [name, { defined: true, parity: undefined }]),
  ...[...Object.entries(ops.unary), ...Object.entries(ops.binary)].map(
    ([name, entry]): [string, FunctionFacts] => [
      name,
      { defined: entry.domain === undefined, parity: 'parity' in entry ? entry.parity : undefined },
    ],
  ),
]);

const isDefinedEverywhere = (name: string): boolean => FUNCTIONS.get(name)?.defined === true;

/**
 * Makes expressions that share equal parts: one scratch table for the work of one call. As a carrier, `$`, it is
 * what the rules of the table are written over.
 */
export class Algebra {
  private readonly table = new Map<number, Expr | Expr[]>();
  private readonly maxNodes: number;
  private nodes = 0;
  readonly $ = new ExprCarrier(this) as unknown as Carrier<Expr, Expr>;
  readonly zero = this.num(Rational.ZERO);
  readonly one = this.num(Rational.ONE);
  readonly minusOne = this.num(Rational.MINUS_ONE);
  readonly half = this.num(Rational.HALF);

  /** Making more than `maxNodes` nodes is a LimitError. */
  constructor({ maxNodes = MAX_NODES }: { readonly maxNodes?: number } = {}) {
    this.maxNodes = maxNodes;
  }

  /** The node of this algebra that is built like `node`, whose arguments must belong to it. */
  private intern(node: Expr): Expr {
    const entry = this.table.get(node.hash);
    if (entry === undefined) {
      this.count();
      this.table.set(node.hash, node);
      return node;
    }
    const bucket = Array.isArray(entry) ? entry : [entry];
    const found = bucket.find(
      (other) => sameHead(node, other) && node.args.every((arg, i) => arg === other.args[i]),
    );
    if (found) return found;
    this.count();
    this.table.set(node.hash, [...bucket, node]);
    return node;
  }

  private count(): void {
    this.nodes++;
    if (this.nodes > this.maxNodes) throw new LimitError('the number of nodes', this.maxNodes, 'more');
  }

  /** The expressions rebuilt so that parts equal to each other, or to earlier ones, are the same objects. */
  adopt(...roots: readonly Expr[]): Expr[] {
    const own = new Map<Expr, Expr>();
    for (const node of postorder(roots)) {
      const args = node.args.map((arg) => own.get(arg)!);
      own.set(node, this.intern(args.every((arg, i) => arg === node.args[i]) ? node : withArgs(node, args)));
    }
    return roots.map((root) => own.get(root)!);
  }

  num(value: Rational): Expr {
    return this.intern(makeNum(value));
  }

  int(value: number | bigint): Expr {
    return this.num(Rational.of(value));
  }

  /** A variable, of which the facts are assumed. */
  sym(name: string, assumed: Facts = 0): Expr {
    return this.intern(makeSym(name, assumed));
  }

  constant(name: ConstantName): Expr {
    return this.intern(makeConstant(name));
  }

  /** The sum of the terms: nested sums flattened, like terms collected, numbers added. */
  sum(terms: readonly Expr[]): Expr {
    const constants: Rational[] = [];
    const collected = new Collector<Like>(factorsHash, sameFactors);
    const pending: [Expr, Rational][] = terms.map((term) => [term, Rational.ONE]);
    for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
      const [term, scale] = item;
      if (term.kind === 'num') {
        constants.push(term.value.mul(scale));
      } else if (term.kind === 'sum') {
        constants.push(term.constant.mul(scale));
        for (const inner of term.args) pending.push([inner, scale]);
      } else if (term.kind === 'product' && term.args.length === 1 && term.args[0]!.kind === 'sum') {
        pending.push([term.args[0]!, scale.mul(term.coefficient)]);
      } else {
        const coefficient = term.kind === 'product' ? term.coefficient.mul(scale) : scale;
        const like = collected.get(term);
        if (like) like.coefficients.push(coefficient);
        else collected.set(term, { coefficients: [coefficient], whole: scale.isOne ? term : undefined });
      }
    }
    const args: Expr[] = [];
    collected.forEach((term, { coefficients, whole }) => {
      const isWhole = whole !== undefined && coefficients.length === 1;
      const total = isWhole ? whole : this.scaled(Rational.total(coefficients), term);
      if (!(total.kind === 'num' && total.value.isZero)) args.push(total);
    });
    return this.sumOf(Rational.total(constants), args);
  }

  private sumOf(constant: Rational, args: Expr[]): Expr {
    if (args.length === 0) return this.num(constant);
    if (args.length === 1 && constant.isZero) return args[0]!;
    return this.intern(makeSum(constant, args.sort(compareMonic)));
  }

  /** coefficient · (the factors of the term without its own coefficient). */
  private scaled(coefficient: Rational, term: Expr): Expr {
    return this.productOf(coefficient, term.kind === 'product' ? term.args : [term]);
  }

  private productOf(coefficient: Rational, args: readonly Expr[]): Expr {
    if (args.length === 0) return this.num(coefficient);
    if (coefficient.isZero && args.every(isTotal)) return this.zero;
    if (args.length === 1 && coefficient.isOne) return args[0]!;
    return this.intern(makeProduct(coefficient, args));
  }

  /** The product of the factors: nested products flattened, powers of one base joined where that holds everywhere. */
  product(factors: readonly Expr[]): Expr {
    if (factors.length === 1) return factors[0]!;
    let coefficient = Rational.ONE;
    const collected = new Collector<Raised[]>(hashOf, areEqual);
    const exponentsOfE: Expr[] = [];
    const pending = [...factors];
    for (let factor = pending.pop(); factor !== undefined; factor = pending.pop()) {
      if (factor.kind === 'num') {
        coefficient = coefficient.mul(factor.value);
      } else if (factor.kind === 'product' && (!factor.coefficient.isOne || factor.args.length <= CHUNK)) {
        coefficient = coefficient.mul(factor.coefficient);
        pending.push(...this.partsOf(factor));
      } else if (isExp(factor)) {
        exponentsOfE.push(factor.args[0]!);
      } else if (isE(factor)) {
        exponentsOfE.push(this.one);
      } else {
        const base = factor.kind === 'power' ? factor.args[0]! : factor;
        const exponent = factor.kind === 'power' ? factor.args[1]! : this.one;
        const powers = collected.get(base);
        if (powers) this.join(base, powers, { exponent, whole: factor });
        else collected.set(base, [{ exponent, whole: factor }]);
      }
    }
    const args: Expr[] = [];
    const add = (factor: Expr) => {
      if (factor.kind === 'num') coefficient = coefficient.mul(factor.value);
      else if (factor.kind === 'product') {
        coefficient = coefficient.mul(factor.coefficient);
        args.push(...this.partsOf(factor));
      } else args.push(factor);
    };
    collected.forEach((base, powers) => {
      for (const { exponent, whole } of powers) add(whole ?? this.power(base, exponent));
    });
    if (exponentsOfE.length > 0) add(this.call('exp', [this.sum(exponentsOfE)]));
    return this.productOf(coefficient, args.sort(compareExpr));
  }

  /** What a product adds to the factors of another: its own, unless they are many. */
  private partsOf(factor: Product): readonly Expr[] {
    return factor.args.length <= CHUNK ? factor.args : [this.productOf(Rational.ONE, factor.args)];
  }

  /** Adds a power to those of its base, joined to one of them where the powers may be joined. */
  private join(base: Expr, powers: Raised[], power: Raised): void {
    const i = powers.findIndex((other) => mayJoin(base, other.exponent, power.exponent));
    if (i === -1) powers.push(power);
    else powers[i] = { exponent: this.sum([powers[i]!.exponent, power.exponent]), whole: undefined };
  }

  power(base: Expr, exponent: Expr): Expr {
    if (exponent.kind === 'num') {
      if (exponent.value.isOne) return base;
      if (exponent.value.isZero && isTotal(base)) return this.one;
    }
    if (isE(base)) return this.call('exp', [exponent]);
    if (isExp(base)) return this.call('exp', [this.product([base.args[0]!, exponent])]);
    if (base.kind === 'power' && isPositive(base.args[0]!) && !areLong(base.args[1]!, exponent)) {
      return this.power(base.args[0]!, this.product([base.args[1]!, exponent]));
    }
    if (base.kind === 'num') {
      if (base.value.isOne && isTotal(exponent)) return this.one;
      if (exponent.kind === 'num') return this.numericPower(base.value, exponent.value);
    }
    if (exponent.kind === 'num') {
      if (base.kind === 'product') return this.powerOfProduct(base.coefficient, base.args, exponent.value);
      if (base.kind === 'power' && base.args[1]!.kind === 'num') {
        const inner = base.args[1]!.value;
        if (mayNest(inner, exponent.value))
          return this.power(base.args[0]!, this.num(inner.mul(exponent.value)));
        // (x^-1)^-2 is (x^-2)^-1: one form for what differs from x^2 at 0.
        if (isBelowMinusOne(exponent.value) && inner.isInteger && inner.sign <= 0)
          return this.power(this.power(base, this.num(exponent.value.neg())), this.minusOne);
      }
    }
    return this.intern(makePower(base, exponent));
  }

  /** (c·Π f)^r: integer powers spread over all factors, others take out a positive coefficient only. */
  private powerOfProduct(coefficient: Rational, args: readonly Expr[], exponent: Rational): Expr {
    const power = this.num(exponent);
    if (exponent.isInteger && !coefficient.isZero && args.every((factor) => mayRaise(factor, exponent))) {
      return this.product([
        this.power(this.num(coefficient), power),
        ...args.map((factor) => this.power(factor, power)),
      ]);
    }
    if (isBelowMinusOne(exponent) && coefficient.isOne) {
      return this.power(this.powerOfProduct(coefficient, args, exponent.neg()), this.minusOne);
    }
    const takesOut = exponent.isInteger ? !coefficient.isZero : coefficient.sign > 0;
    if (takesOut && !coefficient.isOne) {
      return this.product([
        this.power(this.num(coefficient), power),
        this.power(this.productOf(Rational.ONE, args), power),
      ]);
    }
    return this.intern(makePower(this.productOf(coefficient, args), power));
  }

  /** A rational to a rational power: exact where it is rational, else with whole powers and square factors taken out. */
  private numericPower(base: Rational, exponent: Rational): Expr {
    const asWritten = () => this.intern(makePower(this.num(base), this.num(exponent)));
    if (base.isZero && exponent.sign < 0) return this.intern(makePower(this.zero, this.minusOne));
    if (base.isZero) return exponent.isZero ? this.one : this.zero;
    const whole = exponent.floor();
    if (base.bits * Math.abs(Number(whole)) > MAX_BITS) return asWritten();
    const integerPart = base.pow(whole);
    const rest = exponent.sub(Rational.of(whole));
    if (rest.isZero) return this.num(integerPart);
    if (base.sign < 0) return asWritten();
    const { outside, inside } = takeOut(base, rest);
    const factor = integerPart.mul(outside);
    if (inside.isOne) return this.num(factor);
    return this.productOf(factor, [this.intern(makePower(this.num(inside), this.num(rest)))]);
  }

  /** A call by name: exact values folded, signs taken out of odd and even functions. */
  call(name: string, args: readonly Expr[]): Expr {
    const [x] = args;
    if (name === 'exp' && x!.kind === 'num' && x!.value.isOne) return this.constant('e');
    const exact = exactValue(this, name, args);
    if (exact !== undefined) return exact;
    const parity = args.length === 1 ? FUNCTIONS.get(name)?.parity : undefined;
    if (parity && x && looksNegative(x)) {
      const flipped = this.call(name, [this.sum([this.product([this.minusOne, x])])]);
      return parity === 'even' ? flipped : this.product([this.minusOne, flipped]);
    }
    return this.intern(makeCall(name, args, isDefinedEverywhere(name)));
  }

  /** The node built again over other arguments, with everything the constructors do. */
  rebuild(node: Expr, args: readonly Expr[]): Expr {
    if (args.every((arg, i) => arg === node.args[i])) return this.intern(node);
    switch (node.kind) {
      case 'num':
      case 'sym':
      case 'constant':
        return this.intern(node);
      case 'sum':
        return this.sum([this.num(node.constant), ...args]);
      case 'product':
        return this.product([this.num(node.coefficient), ...args]);
      case 'power':
        return this.power(args[0]!, args[1]!);
      case 'call':
        return this.call(node.name, args);
    }
  }
}

function withArgs(node: Expr, args: readonly Expr[]): Expr {
  switch (node.kind) {
    case 'sum':
      return makeSum(node.constant, args);
    case 'product':
      return makeProduct(node.coefficient, args);
    case 'power':
      return makePower(args[0]!, args[1]!);
    case 'call':
      return makeCall(node.name, args, isDefinedEverywhere(node.name));
    default:
      return node;
  }
}

/** The coefficients of like terms, and the term itself if there is but one. */
interface Like {
  readonly coefficients: Rational[];
  readonly whole: Expr | undefined;
}

/** A power of a known base, and the factor that it was, if it was one. */
interface Raised {
  readonly exponent: Expr;
  readonly whole: Expr | undefined;
}

/** Up to so many groups are looked through one by one. */
const FEW_GROUPS = 8;

/** Groups keys that are alike and keeps a value for each group. */
class Collector<V> {
  private readonly keys: Expr[] = [];
  private readonly hashes: number[] = [];
  private readonly values: V[] = [];
  /** The places of each hash, once there are many. */
  private index: Map<number, number[]> | undefined;
  private readonly hashOf: (key: Expr) => number;
  private readonly alike: (a: Expr, b: Expr) => boolean;

  constructor(hashOf: (key: Expr) => number, alike: (a: Expr, b: Expr) => boolean) {
    this.hashOf = hashOf;
    this.alike = alike;
  }

  get(key: Expr): V | undefined {
    const hash = this.hashOf(key);
    const isKey = (i: number) => this.hashes[i] === hash && this.alike(this.keys[i]!, key);
    const i = this.index
      ? this.index.get(hash)?.find(isKey)
      : this.keys.findIndex((_, place) => isKey(place));
    return i === undefined || i === -1 ? undefined : this.values[i];
  }

  /** Opens a group. */
  set(key: Expr, value: V): void {
    this.hashes.push(this.hashOf(key));
    this.keys.push(key);
    this.values.push(value);
    if (this.index) this.enter(this.keys.length - 1);
    else if (this.keys.length > FEW_GROUPS) {
      this.index = new Map();
      for (let i = 0; i < this.keys.length; i++) this.enter(i);
    }
  }

  private enter(i: number): void {
    const places = this.index!.get(this.hashes[i]!);
    if (places) places.push(i);
    else this.index!.set(this.hashes[i]!, [i]);
  }

  forEach(visit: (key: Expr, value: V) => void): void {
    for (const [i, key] of this.keys.entries()) visit(key, this.values[i]!);
  }
}

const isE = (e: Expr): boolean => e.kind === 'constant' && e.name === 'e';

const hashOf = (e: Expr): number => e.hash;
const areEqual = (a: Expr, b: Expr): boolean => a.equals(b);

const factorsOf = (term: Expr): readonly Expr[] => (term.kind === 'product' ? term.args : [term]);

/** A hash of a term without its coefficient. */
const factorsHash = (term: Expr): number =>
  factorsOf(term).reduce((hash, factor) => (hash * 31 + factor.hash) | 0, 7);

function sameFactors(a: Expr, b: Expr): boolean {
  const left = factorsOf(a);
  const right = factorsOf(b);
  return left.length === right.length && left.every((factor, i) => factor.equals(right[i]!));
}

/** The order of terms, which does not look at coefficients, so that -s has the terms of s in the same places. */
function compareMonic(a: Expr, b: Expr): number {
  const left = factorsOf(a);
  const right = factorsOf(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareExpr(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Whether x^a · x^b = x^(a+b) at every point: the bases positive, or whole exponents of one sign. */
function mayJoin(base: Expr, a: Expr, b: Expr): boolean {
  if (isPositive(base)) return true;
  if (a.kind !== 'num' || b.kind !== 'num') return false;
  return a.value.isInteger && b.value.isInteger && a.value.sign === b.value.sign;
}

/** Whether the product of two exponents would be too long. */
const isLong = (a: Rational, b: Rational): boolean => !b.abs().isOne && a.bits + b.bits > MAX_EXPONENT_BITS;

const areLong = (a: Expr, b: Expr): boolean =>
  a.kind === 'num' && b.kind === 'num' && isLong(a.value, b.value);

/** Whether (x^a)^b = x^(ab) at every point. */
function mayNest(a: Rational, b: Rational): boolean {
  if (!b.isInteger || isLong(a, b)) return false;
  if (a.isInteger) return a.sign > 0 || b.sign > 0;
  return a.sign > 0 && !a.mul(b).isInteger;
}

const isBelowMinusOne = (value: Rational) => value.isInteger && value.p < -1n;

/** Whether a factor of a product may get the exponent of the product by itself: not (1/u)^-1, which would show no bar. */
function mayRaise(factor: Expr, exponent: Rational): boolean {
  const inner = factor.kind === 'power' ? factor.args[1]! : undefined;
  return inner?.kind !== 'num' || inner.value.sign > 0 || exponent.sign > 0;
}

/** Whether the canonical form prefers the negative of this argument. */
function looksNegative(e: Expr): boolean {
  if (e.kind === 'num') return e.value.sign < 0;
  if (e.kind === 'product') return e.coefficient.sign < 0;
  return e.kind === 'sum' && looksNegative(e.args[0]!);
}

/** Divisors tried when a k-th power is taken out of a radicand; larger prime factors stay inside. */
const SMALL_DIVISORS = 1000n;

/** base^(a/k) with 0 < a < k as outside · inside^(a/k), the k-th powers that small divisors show taken out. */
function takeOut(base: Rational, exponent: Rational): { outside: Rational; inside: Rational } {
  const k = exponent.q;
  const above = split(base.p, k);
  const below = split(base.q, k);
  const root = Rational.of(above.root, below.root).pow(exponent.p);
  return { outside: root, inside: Rational.of(above.rest, below.rest) };
}

/** n = root^k · rest. */
function split(n: bigint, k: bigint): { root: bigint; rest: bigint } {
  const whole = integerRoot(n, k);
  if (whole === 1n) return { root: 1n, rest: n };
  if (whole ** k === n) return { root: whole, rest: 1n };
  let root = 1n;
  let rest = n;
  for (let d = 2n; d <= SMALL_DIVISORS && d ** k <= rest; d++) {
    for (const power = d ** k; rest % power === 0n; rest /= power) root *= d;
  }
  return { root, rest };
}

/**
 * The operations of the table over expressions. What a constructor can say is said by it, the rest are calls. The
 * methods are shared by all algebras, since one is made for every piece of work.
 */
class ExprCarrier {
  readonly algebra: Algebra;

  constructor(algebra: Algebra) {
    this.algebra = algebra;
  }

  int(n: number | bigint): Expr {
    return this.algebra.int(n);
  }

  rational(p: number | bigint, q: number | bigint): Expr {
    return this.algebra.num(Rational.of(p, q));
  }

  get pi(): Expr {
    return this.algebra.constant('pi');
  }

  neg(x: Expr): Expr {
    return this.algebra.product([this.algebra.minusOne, x]);
  }

  inv(x: Expr): Expr {
    return this.algebra.power(x, this.algebra.minusOne);
  }

  square(x: Expr): Expr {
    return this.algebra.power(x, this.algebra.int(2));
  }

  sqrt(x: Expr): Expr {
    return this.algebra.power(x, this.algebra.half);
  }

  exp2(x: Expr): Expr {
    return this.algebra.power(this.algebra.int(2), x);
  }

  add(a: Expr, b: Expr): Expr {
    return this.algebra.sum([a, b]);
  }

  sub(a: Expr, b: Expr): Expr {
    return this.algebra.sum([a, this.neg(b)]);
  }

  mul(a: Expr, b: Expr): Expr {
    return this.algebra.product([a, b]);
  }

  div(a: Expr, b: Expr): Expr {
    return this.algebra.product([a, this.inv(b)]);
  }

  pow(a: Expr, b: Expr): Expr {
    return this.algebra.power(a, b);
  }
}

for (const name of [...Object.keys(ops.unary), ...Object.keys(ops.binary), ...ALWAYS_DEFINED]) {
  if (name in ExprCarrier.prototype) continue;
  Object.defineProperty(ExprCarrier.prototype, name, {
    value(this: ExprCarrier, ...args: Expr[]) {
      return this.algebra.call(name, args);
    },
  });
}
