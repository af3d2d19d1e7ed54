import { Algebra } from './algebra.ts';
import type { Expr } from './node.ts';
import { parse } from './parse.ts';
import type { ParseOptions } from './parser.ts';
import { Rational } from './rational.ts';

/** What stands for an expression wherever one is asked for: the expression, a text, or a number. */
export type Input = Expr | string | number | bigint;

/** The expression that an input stands for; a number means its shortest decimal, so 0.1 is 1/10. */
export function toExpr(input: Input, options?: ParseOptions): Expr {
  if (typeof input === 'string') return parse(input, options);
  if (typeof input === 'bigint') return new Algebra().int(input);
  if (typeof input !== 'number') return input;
  if (!Number.isFinite(input)) throw new RangeError(`Cannot make an exact number of ${input}`);
  const size = new Algebra().num(Rational.decimal(String(Math.abs(input))));
  return input < 0 ? new Algebra().num((size as Extract<Expr, { kind: 'num' }>).value.neg()) : size;
}
