import type { Expr } from './node.ts';
import { type ParseOptions, Parser, type ParseWarning } from './parser.ts';
import { tokenize } from './tokens.ts';

/**
 * Reads a formula. Numbers are exact (`0.1` is 1/10); `e` and `pi` are the constants; `2x(x+1)` is a product;
 * `name(` is a call if the name is in the table or declared, a product after a single letter, else an error.
 * `x²`, `sin^2(x)`, `|x|`, `n!`, `√x` mean what they do in print; α is another spelling of `alpha`, and `Γ(x)`,
 * `ψ(x)`, `σ(x)` are gamma, digamma and sigmoid.
 *
 * From loosest to tightest: `or`, `and`, `not`, comparisons, `+ -`, `* /` and implicit products, signs, `^ √` (from
 * the right), `!` and superscripts. Shared parts may be named first: `t := x + 1; t^2 + t`.
 *
 * @throws ParseError with the position, UnknownFunctionError with a suggestion, LimitError.
 * @example
 * import { parse } from '@leibniz/symbolic';
 * String(parse('2x(x+1) - 0.5')); // => 2*x*(x + 1) - 1/2
 * String(parse('|x|³ + sin²(α)')); // => abs(x)^3 + sin(alpha)^2
 */
export function parse(text: string, options: ParseOptions = {}): Expr {
  return new Parser(text, tokenize(text), options).run();
}

/**
 * Reads a formula as `parse` does, and tells where another reading is common: `1/2x`, and `x(x+1)` as a product.
 *
 * @example
 * import { parseWithWarnings } from '@leibniz/symbolic';
 * const { expr, warnings } = parseWithWarnings('1/2x');
 * String(expr); // => x/2
 * warnings[0].index; // => 3
 */
export function parseWithWarnings(
  text: string,
  options: ParseOptions = {},
): { readonly expr: Expr; readonly warnings: readonly ParseWarning[] } {
  const parser = new Parser(text, tokenize(text), options);
  return { expr: parser.run(), warnings: parser.warnings };
}
