import { type Expr, parse, substitute } from '@leibniz/symbolic';

/** f = log(f^4 + f^3 + 2), so many levels of it around x. */
export function nested(depth: number): Expr {
  let f = parse('x');
  for (let i = 0; i < depth; i++) f = substitute('log(f^4 + f^3 + 2)', { f });
  return f;
}

/** The same written out, for those that read texts alone. */
export function nestedText(depth: number): string {
  let text = 'x';
  for (let i = 0; i < depth; i++) text = `log((${text})^4 + (${text})^3 + 2)`;
  return text;
}
