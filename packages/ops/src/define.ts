// What an entry of the table says, and the carrier its rules are written over.

import { ratio } from './ratio.ts';

/** Exact constants, conditions and the choice between two values: what every carrier has besides the table. */
export interface Foundation<T, C> {
  /** The integer `n`, exactly. */
  int(n: number | bigint): T;
  /** The fraction `p / q` of two integers with q > 0, exactly. */
  rational(p: number | bigint, q: number | bigint): T;
  readonly pi: T;
  less(a: T, b: T): C;
  lessEqual(a: T, b: T): C;
  equal(a: T, b: T): C;
  not(c: C): C;
  and(c: C, d: C): C;
  or(c: C, d: C): C;
  /** `a` where the condition holds, `b` elsewhere. */
  where(c: C, a: T, b: T): T;
}

/** The operations of the table over values `T` with conditions `C`: numbers, duals, expressions, kernels. */
export type CarrierOf<U extends string, B extends string, T, C> = Foundation<T, C> & {
  readonly [K in U]: (x: T) => T;
} & { readonly [K in B]: (a: T, b: T) => T };

/** How an operator is written between (or before) its arguments. A higher precedence binds tighter. */
export interface Notation {
  readonly sign: string;
  readonly precedence: number;
  readonly side: 'left' | 'right' | 'prefix';
}

interface Facts {
  /** One line for people. */
  readonly doc: string;
  /** TeX with `#1`, `#2` for the arguments; `{#1}` needs no parentheses around the argument. */
  readonly tex: string;
  /** Further names that a text may use. */
  readonly aliases?: readonly string[];
  readonly notation?: Notation;
}

export type Interval = readonly [from: number, to: number];

/** A forward value, or the composition that computes it without overflow or cancellation. */
type Forward<Value, Code> =
  | { readonly value: Value; readonly code?: never }
  | { readonly value?: never; readonly code: Code };

export type UnarySpec<U extends string, B extends string> = Facts &
  Forward<(x: number) => number, <T, C>($: CarrierOf<U, B, T, C>, x: T) => T> & {
    /** Where the tests look: a range inside the domain. */
    readonly sample: Interval;
    /** The derivative at `x`, where `y` is the value there. */
    readonly partial: <T, C>($: CarrierOf<U, B, T, C>, x: T, y: T) => T;
    /** Where the value is defined; absent: for every real. */
    readonly domain?: <T, C>($: CarrierOf<U, B, T, C>, x: T) => C;
    /** Vanishes where the derivative jumps or does not exist; the rule states the convention there. */
    readonly kink?: <T, C>($: CarrierOf<U, B, T, C>, x: T) => T;
    /** The same function in simpler ones: what it means, for proofs. */
    readonly means?: <T, C>($: CarrierOf<U, B, T, C>, x: T) => T;
    /** f(-x) = -f(x), or f(-x) = f(x), wherever either side is defined. */
    readonly parity?: 'odd' | 'even';
  };

/** The derivative by one argument of a binary operation; `null` where that argument is a mere index. */
export type BinaryPartial<U extends string, B extends string> =
  | (<T, C>($: CarrierOf<U, B, T, C>, a: T, b: T, y: T) => T)
  | null;

export type BinarySpec<U extends string, B extends string> = Facts &
  Forward<(a: number, b: number) => number, <T, C>($: CarrierOf<U, B, T, C>, a: T, b: T) => T> & {
    readonly sample: readonly [Interval, Interval];
    /** One rule per argument, so that `pow` never computes `log(a)` for a constant exponent. */
    readonly partials: readonly [BinaryPartial<U, B>, BinaryPartial<U, B>];
    readonly domain?: <T, C>($: CarrierOf<U, B, T, C>, a: T, b: T) => C;
    readonly kink?: <T, C>($: CarrierOf<U, B, T, C>, a: T, b: T) => T;
    readonly means?: <T, C>($: CarrierOf<U, B, T, C>, a: T, b: T) => T;
  };

/** An entry as everyone reads it: the value is always there, even where the table gives only its composition. */
export type UnaryOp<U extends string, B extends string> = Omit<UnarySpec<U, B>, 'value' | 'code'> & {
  readonly value: (x: number) => number;
  readonly code?: <T, C>($: CarrierOf<U, B, T, C>, x: T) => T;
};
export type BinaryOp<U extends string, B extends string> = Omit<BinarySpec<U, B>, 'value' | 'code'> & {
  readonly value: (a: number, b: number) => number;
  readonly code?: <T, C>($: CarrierOf<U, B, T, C>, a: T, b: T) => T;
};

export interface Table<U extends string, B extends string> {
  readonly unary: { readonly [K in U]: UnaryOp<U, B> };
  readonly binary: { readonly [K in B]: BinaryOp<U, B> };
  /** The carrier of plain numbers: IEEE doubles, conditions as booleans. */
  readonly numbers: CarrierOf<U, B, number, boolean>;
}

/**
 * Makes the table. One call, grouped by arity, lets the compiler infer every name, so that an unknown operation,
 * a wrong arity, a missing rule or a wrong number of partials does not compile.
 */
export function define<U extends string, B extends string>(spec: {
  readonly unary: { readonly [K in U]: UnarySpec<NoInfer<U>, NoInfer<B>> };
  readonly binary: { readonly [K in B]: BinarySpec<NoInfer<U>, NoInfer<B>> };
}): Table<U, B> {
  const unary: Record<string, unknown> = {};
  const binary: Record<string, unknown> = {};
  const numbers = { ...numericFoundation } as CarrierOf<U, B, number, boolean>;
  for (const [name, entry] of Object.entries<UnarySpec<U, B>>(spec.unary)) {
    const { code } = entry;
    const value = code ? (x: number) => code(numbers, x) : entry.value;
    unary[name] = { ...entry, value };
    Object.assign(numbers, { [name]: value });
  }
  for (const [name, entry] of Object.entries<BinarySpec<U, B>>(spec.binary)) {
    const { code } = entry;
    const value = code ? (a: number, b: number) => code(numbers, a, b) : entry.value;
    binary[name] = { ...entry, value };
    Object.assign(numbers, { [name]: value });
  }
  return { unary, binary, numbers } as unknown as Table<U, B>;
}

const numericFoundation: Foundation<number, boolean> = {
  int: (n) => Number(n),
  rational: (p, q) => (typeof p === 'number' && typeof q === 'number' ? p / q : ratio(BigInt(p), BigInt(q))),
  pi: Math.PI,
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
  equal: (a, b) => a === b,
  not: (c) => !c,
  and: (c, d) => c && d,
  or: (c, d) => c || d,
  where: (c, a, b) => (c ? a : b),
};
