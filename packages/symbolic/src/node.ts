// The seven kinds of expression. Values are immutable; equal subexpressions of one result are one object.

import type { Rational } from './rational.ts';

/** What is known of a value, one bit each: see `facts.ts`. */
export type Facts = number;

interface Common {
  readonly args: readonly Expr[];
  /** Equal expressions have equal hashes. */
  readonly hash: number;
  /** What is known of its value wherever it has one. */
  readonly facts: Facts;
  /** Whether the two are built alike; to ask whether they have equal values, see `equal`. */
  equals(other: Expr): boolean;
  /** A text that `parse` reads back to an equal expression. */
  toString(): string;
}

/** An exact rational number. */
export interface Num extends Common {
  readonly kind: 'num';
  readonly value: Rational;
}

/** A real variable; its facts are what is assumed of it. */
export interface Sym extends Common {
  readonly kind: 'sym';
  readonly name: string;
}

export type ConstantName = 'pi' | 'e' | 'true' | 'false';

export interface Constant extends Common {
  readonly kind: 'constant';
  readonly name: ConstantName;
}

/** constant + Σ args; no argument is a number or a sum. */
export interface Sum extends Common {
  readonly kind: 'sum';
  readonly constant: Rational;
}

/** coefficient · Π args; no argument is a number, nor a product unless it is a long one with coefficient 1. */
export interface Product extends Common {
  readonly kind: 'product';
  readonly coefficient: Rational;
}

/** args[0] to the power args[1]: a real power. */
export interface Power extends Common {
  readonly kind: 'power';
}

/** A function of the table, a comparison, a connective, `where`, or a declared function. */
export interface Call extends Common {
  readonly kind: 'call';
  readonly name: string;
}

/** The name of a call that stands for a derivative not yet worked out: of its first argument by its second. */
export const HELD_DERIVATIVE = 'derivative of';

export type Expr = Num | Sym | Constant | Sum | Product | Power | Call;
export type Kind = Expr['kind'];
