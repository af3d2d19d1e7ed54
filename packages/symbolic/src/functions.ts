// What the language can call: the functions of the table, and a few that stand for a composition.

import { ops } from '@leibniz/ops';
import type { Algebra } from './algebra.ts';
import type { Expr } from './node.ts';

/** A function as the parser sees it. */
export interface LanguageFunction {
  readonly arity: readonly [least: number, most: number];
  /** The call; `name` is how it was written. */
  build(algebra: Algebra, args: readonly Expr[], name: string): Expr;
}

type Entry = readonly [name: string, fn: LanguageFunction];

const unary = Object.keys(ops.unary).map((name): Entry => {
  const operation = name as keyof typeof ops.unary;
  return [name, { arity: [1, 1], build: ({ $ }, [x]) => $[operation](x!) }];
});

const binary = Object.keys(ops.binary).map((name): Entry => {
  const operation = name as keyof typeof ops.binary;
  return [name, { arity: [2, 2], build: ({ $ }, [a, b]) => $[operation](a!, b!) }];
});

/** An extremum of any number of arguments, two by two. */
const extremum = (name: 'min' | 'max'): LanguageFunction => ({
  arity: [1, 64],
  build: ({ $ }, args) => args.reduce((a, b) => $[name](a, b)),
});

const composed: Readonly<Record<string, LanguageFunction>> = {
  min: extremum('min'),
  max: extremum('max'),
  /** Natural, or to the base given second. */
  log: { arity: [1, 2], build: ({ $ }, [x, base]) => (base ? $.div($.log(x!), $.log(base)) : $.log(x!)) },
  root: { arity: [2, 2], build: ({ $ }, [x, n]) => $.pow(x!, $.inv(n!)) },
  factorial: { arity: [1, 1], build: ({ $ }, [n]) => $.gamma($.add(n!, $.int(1))) },
  where: { arity: [3, 3], build: ({ $ }, [c, a, b]) => $.where(c!, a!, b!) },
};

const entries: Readonly<Record<string, { readonly aliases?: readonly string[] }>> = {
  ...ops.unary,
  ...ops.binary,
};

const aliasesOf = (name: string): readonly string[] => entries[name]?.aliases ?? [];

/** Every function by each name it goes by. */
export const FUNCTIONS: ReadonlyMap<string, LanguageFunction> = new Map(
  [...unary, ...binary, ...Object.entries(composed)].flatMap(([name, fn]) =>
    [name, ...aliasesOf(name)].map((written) => [written, fn] as const),
  ),
);

/** Greek letters that also name a function; without parentheses they are variables. */
export const GREEK_FUNCTIONS: ReadonlySet<string> = new Set(['gamma', 'psi']);
