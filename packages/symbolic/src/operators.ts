// What the parser does at each operator. How tightly they bind stands in `precedence.ts`.

import type { Carrier } from '@leibniz/ops';
import type { Algebra } from './algebra.ts';
import type { Expr } from './node.ts';
import { LEVEL } from './precedence.ts';

/** A left operand that more terms or factors may still join, so that long chains are built once. */
interface Chain {
  readonly chain: 'sum' | 'product';
  readonly items: Expr[];
}

/** The operands that wait for their operators. */
export class Operands {
  readonly algebra: Algebra;
  private readonly stack: (Expr | Chain)[] = [];

  constructor(algebra: Algebra) {
    this.algebra = algebra;
  }

  get $(): Carrier<Expr, Expr> {
    return this.algebra.$;
  }

  push(operand: Expr | Chain): void {
    this.stack.push(operand);
  }

  pop(): Expr {
    const operand = this.stack.pop()!;
    if (!('chain' in operand)) return operand;
    return operand.chain === 'sum' ? this.algebra.sum(operand.items) : this.algebra.product(operand.items);
  }

  /** Adds the item to the chain on top, or starts one with what is there. */
  extend(chain: Chain['chain'], item: Expr): void {
    const top = this.stack.at(-1)!;
    if ('chain' in top && top.chain === chain) top.items.push(item);
    else this.push({ chain, items: [this.pop(), item] });
  }
}

export interface Operator {
  readonly sign: string;
  readonly level: number;
  /** Whether a chain of them goes from the right. */
  readonly right: boolean;
  apply(operands: Operands): void;
}

type Row = readonly [level: number, apply: Operator['apply']];

const chained =
  (chain: Chain['chain'], item: ($: Operands['$'], b: Expr) => Expr): Operator['apply'] =>
  (operands) =>
    operands.extend(chain, item(operands.$, operands.pop()));

const infix =
  (build: ($: Operands['$'], a: Expr, b: Expr) => Expr): Operator['apply'] =>
  (operands) => {
    const b = operands.pop();
    operands.push(build(operands.$, operands.pop(), b));
  };

const prefix =
  (build: ($: Operands['$'], x: Expr) => Expr): Operator['apply'] =>
  (operands) =>
    operands.push(build(operands.$, operands.pop()));

const table = (
  rows: Readonly<Record<string, Row>>,
  isRight: (level: number) => boolean,
): ReadonlyMap<string, Operator> =>
  new Map(
    Object.entries(rows).map(([sign, [level, apply]]) => [
      sign,
      { sign, level, right: isRight(level), apply },
    ]),
  );

export const BINARY = table(
  {
    or: [LEVEL.or, infix(($, a, b) => $.or(a, b))],
    and: [LEVEL.and, infix(($, a, b) => $.and(a, b))],
    '<': [LEVEL.compare, infix(($, a, b) => $.less(a, b))],
    '>': [LEVEL.compare, infix(($, a, b) => $.less(b, a))],
    '<=': [LEVEL.compare, infix(($, a, b) => $.lessEqual(a, b))],
    '>=': [LEVEL.compare, infix(($, a, b) => $.lessEqual(b, a))],
    '=': [LEVEL.compare, infix(($, a, b) => $.equal(a, b))],
    '!=': [LEVEL.compare, infix(($, a, b) => $.not($.equal(a, b)))],
    '+': [LEVEL.sum, chained('sum', (_, b) => b)],
    '-': [LEVEL.sum, chained('sum', ($, b) => $.neg(b))],
    '*': [LEVEL.product, chained('product', (_, b) => b)],
    '/': [LEVEL.product, chained('product', ($, b) => $.inv(b))],
    '^': [LEVEL.power, infix(($, a, b) => $.pow(a, b))],
  },
  (level) => level === LEVEL.power,
);

export const PREFIX = table(
  {
    not: [LEVEL.not, prefix(($, x) => $.not(x))],
    '-': [LEVEL.negation, prefix(($, x) => $.neg(x))],
    '+': [LEVEL.negation, prefix((_, x) => x)],
    '√': [LEVEL.power, prefix(($, x) => $.sqrt(x))],
    '∛': [LEVEL.power, prefix(($, x) => $.cbrt(x))],
  },
  () => true,
);
