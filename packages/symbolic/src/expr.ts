// The one class behind every kind of expression. Nodes are made by the constructors of `algebra.ts`.

import {
  FACT,
  factsOfCall,
  factsOfConstant,
  factsOfNumber,
  factsOfPower,
  factsOfProduct,
  factsOfSum,
} from './facts.ts';
import type {
  Call,
  Constant,
  ConstantName,
  Expr,
  Facts,
  Kind,
  Num,
  Power,
  Product,
  Sum,
  Sym,
} from './node.ts';
import { Rational } from './rational.ts';
import { toText } from './text.ts';

class Node {
  readonly kind: Kind;
  readonly args: readonly Expr[];
  readonly name: string;
  /** The number itself, the constant of a sum, or the coefficient of a product. */
  readonly number: Rational;
  readonly hash: number;
  readonly facts: Facts;

  constructor(kind: Kind, args: readonly Expr[], name: string, number: Rational, facts: Facts) {
    this.kind = kind;
    this.args = args;
    this.name = name;
    this.number = number;
    this.facts = facts;
    let hash = name === '' ? KIND_HASH[kind] : mix(KIND_HASH[kind], hashText(name));
    if (!number.isOne) hash = mix(hash, hashRational(number));
    if (kind === 'sym' && facts !== FACT.total) hash = mix(hash, facts);
    for (const arg of args) hash = mix(hash, arg.hash);
    this.hash = hash;
  }

  get value(): Rational {
    return this.number;
  }

  get constant(): Rational {
    return this.number;
  }

  get coefficient(): Rational {
    return this.number;
  }

  equals(other: Expr): boolean {
    const self = this as unknown as Expr;
    return self === other || (this.hash === other.hash && sameExpression(self, other));
  }

  toString(): string {
    return toText(this as unknown as Expr);
  }

  /** The text, so that an expression inside JSON or a template reads as a formula. */
  toJSON(): string {
    return this.toString();
  }
}

const mix = (hash: number, next: number): number => {
  const mixed = Math.imul(hash ^ next, 0x9e3779b1);
  return ((mixed << 13) | (mixed >>> 19)) ^ (mixed >>> 7);
};

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

const KIND_HASH: Readonly<Record<Kind, number>> = {
  num: hashText('num'),
  sym: hashText('sym'),
  constant: hashText('constant'),
  sum: hashText('sum'),
  product: hashText('product'),
  power: hashText('power'),
  call: hashText('call'),
};

/** Modulo a prime, so that large powers of two do not all collide. */
const residue = (n: bigint) => Number(n % 4294967291n) | 0;
const hashRational = ({ p, q }: Rational) => mix(residue(p), residue(q));

const none: readonly Expr[] = [];
const make = (kind: Kind, args: readonly Expr[], name: string, number: Rational, facts: Facts) =>
  new Node(kind, args, name, number, facts) as unknown as Expr;

export const makeNum = (value: Rational) => make('num', none, '', value, factsOfNumber(value)) as Num;
export const makeSym = (name: string, assumed: Facts = 0) =>
  make('sym', none, name, Rational.ONE, assumed | FACT.total) as Sym;
export const makeConstant = (name: ConstantName) =>
  make('constant', none, name, Rational.ONE, factsOfConstant(name)) as Constant;
export const makeSum = (constant: Rational, args: readonly Expr[]) =>
  make('sum', args, '', constant, factsOfSum(constant, args)) as Sum;
export const makeProduct = (coefficient: Rational, args: readonly Expr[]) =>
  make('product', args, '', coefficient, factsOfProduct(coefficient, args)) as Product;
export const makePower = (base: Expr, exponent: Expr) =>
  make('power', [base, exponent], '', Rational.ONE, factsOfPower(base, exponent)) as Power;
/** A call; `isDefined` says whether the function has a value at every real point. */
export const makeCall = (name: string, args: readonly Expr[], isDefined: boolean) =>
  make('call', args, name, Rational.ONE, factsOfCall(name, args, isDefined)) as Call;

export const isExp = (e: Expr): e is Call => e.kind === 'call' && e.name === 'exp';

/** The number that belongs to a node itself: a value, a constant or a coefficient; 1 elsewhere. */
export const ownNumber = (e: Expr): Rational => (e as unknown as Node).number;

/** The name that belongs to a node itself; empty for sums, products, powers and numbers. */
export const ownName = (e: Expr): string => (e as unknown as Node).name;

/** Whether two nodes agree in everything but their arguments. */
export function sameHead(a: Expr, b: Expr): boolean {
  return (
    a.hash === b.hash &&
    a.kind === b.kind &&
    a.args.length === b.args.length &&
    ownName(a) === ownName(b) &&
    (a.kind !== 'sym' || a.facts === b.facts) &&
    ownNumber(a).equals(ownNumber(b))
  );
}

/** Structural equality; every pair of nodes is compared once, so shared parts cost nothing twice. */
function sameExpression(a: Expr, b: Expr): boolean {
  const compared = new Map<Expr, Set<Expr>>();
  const stack: [Expr, Expr][] = [[a, b]];
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [left, right] = pair;
    if (left === right) continue;
    if (!sameHead(left, right)) return false;
    const met = compared.get(left);
    if (met?.has(right)) continue;
    if (met) met.add(right);
    else compared.set(left, new Set([right]));
    for (let i = 0; i < left.args.length; i++) stack.push([left.args[i]!, right.args[i]!]);
  }
  return true;
}

/** A total order that every run agrees on: by kind, hash, and for equal hashes by structure. */
export function compareExpr(a: Expr, b: Expr): number {
  if (a === b) return 0;
  return RANK[a.kind] - RANK[b.kind] || a.hash - b.hash || (a.equals(b) ? 0 : compareClash(a, b));
}

const RANK: Readonly<Record<Kind, number>> = {
  num: 0,
  constant: 1,
  sym: 2,
  power: 3,
  product: 4,
  sum: 5,
  call: 6,
};

/** Different expressions whose hashes agree: about one pair in four thousand million; the texts decide. */
const compareClash = (a: Expr, b: Expr) => (a.toString() < b.toString() ? -1 : 1);
