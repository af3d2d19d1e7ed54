// How long an expression is when it is written out as a tree: operators and leaves, as people count them. What
// simplification makes smaller.

import type { Expr } from './node.ts';
import { Rational } from './rational.ts';
import { arrive } from './walk.ts';

/** Costs of the nodes met so far; one table serves a whole piece of work. */
export class Costs {
  private readonly known = new Map<Expr, number>();

  of(e: Expr): number {
    const found = this.known.get(e);
    if (found !== undefined) return found;
    arrive([e], this.known, (node) => this.known.set(node, this.own(node)));
    return this.known.get(e)!;
  }

  private own(node: Expr): number {
    switch (node.kind) {
      case 'num':
        return costOfNumber(node.value);
      case 'sym':
      case 'constant':
        return 1;
      case 'sum':
        return this.ofSum(node.constant, node.args);
      case 'product':
        return this.ofProduct(node.coefficient, node.args);
      case 'power':
        return this.ofProduct(Rational.ONE, [node]);
      case 'call':
        return node.args.reduce((sum, arg) => sum + this.of(arg), 1);
    }
  }

  /** A sign costs nothing inside a sum, but one in front does. */
  private ofSum(constant: Rational, args: readonly Expr[]): number {
    const isNegative = (term: Expr) => term.kind === 'product' && term.coefficient.sign < 0;
    const terms = args.map((term) => this.of(term) - (isNegative(term) ? 1 : 0));
    if (!constant.isZero) terms.push(costOfNumber(constant.abs()));
    const leads = args.every(isNegative) && constant.sign <= 0 ? 1 : 0;
    return joined(terms) + leads;
  }

  private ofProduct(coefficient: Rational, args: readonly Expr[]): number {
    const above: number[] = [];
    const below: number[] = [];
    for (const factor of args) {
      const [base, exponent] = factor.kind === 'power' ? (factor.args as [Expr, Expr]) : [factor, undefined];
      if (exponent === undefined) above.push(this.of(base));
      else if (exponent.kind !== 'num') above.push(this.of(base) + this.of(exponent) + 1);
      else
        (exponent.value.sign < 0 ? below : above).push(this.of(base) + costOfExponent(exponent.value.abs()));
    }
    const size = coefficient.abs();
    if (size.p !== 1n || above.length === 0) above.push(1);
    if (size.q !== 1n) below.push(1);
    const sign = coefficient.sign < 0 ? 1 : 0;
    return joined(above) + (below.length === 0 ? 0 : 1 + joined(below)) + sign;
  }
}

/** The parts and the operators between them. */
const joined = (parts: readonly number[]) => parts.reduce((sum, part) => sum + part, parts.length - 1);

const costOfNumber = (value: Rational) => (value.isInteger ? 1 : 3) + (value.sign < 0 ? 1 : 0);

/** Nothing for 1, a function for a root, an operator and a number else. */
function costOfExponent(exponent: Rational): number {
  if (exponent.isOne) return 0;
  return exponent.equals(Rational.HALF) ? 1 : 1 + costOfNumber(exponent);
}
