import type { Expr } from './node.ts';
import { type ParseOptions, Parser } from './parser.ts';
import { texTokens } from './texTokens.ts';

/**
 * Reads a formula in TeX: what `toTex` writes, and what people write by hand. Letters stand alone (`xy` is a
 * product), `x_1` is the variable x_1, `\mathrm{loss}` is one name, `\sin 2x` takes what stands side by side, and
 * `\sqrt[3]{x}` is the real cube root.
 *
 * @throws ParseError with the position in the TeX, LimitError.
 * @example
 * import { parseTex } from '@leibniz/symbolic';
 * String(parseTex('\\frac{1}{2} \\sin^2 x + \\left|y\\right|')); // => abs(y) + sin(x)^2/2
 */
export function parseTex(text: string, options: ParseOptions = {}): Expr {
  return new Parser(text, texTokens(text), options).run();
}
