import { ops } from '@leibniz/ops';
import { fold } from './fold.ts';
import type { Input } from './input.ts';

/**
 * The value in double precision at the given values of the variables; NaN where it is not defined.
 *
 * @throws UnboundSymbolError for a variable without a value.
 * @example
 * import { evaluate } from '@leibniz/symbolic';
 * evaluate('log(x^4 + x^3 + 2)', { x: -0.75 }); // => 0.6389714464579207
 */
export function evaluate(e: Input, bindings: Readonly<Record<string, number>> = {}): number {
  return fold(e, ops.numbers, bindings);
}
