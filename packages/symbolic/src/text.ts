import { grouped, type Piece, type Style, written } from './layout.ts';
import { type Expr, HELD_DERIVATIVE } from './node.ts';
import { LEVEL } from './precedence.ts';

/** How the comparisons and connectives are written between their arguments. */
export const INFIX: Readonly<Record<string, { readonly sign: string; readonly level: number }>> = {
  less: { sign: '<', level: LEVEL.compare },
  lessEqual: { sign: '<=', level: LEVEL.compare },
  equal: { sign: '=', level: LEVEL.compare },
  notEqual: { sign: '!=', level: LEVEL.compare },
  and: { sign: 'and', level: LEVEL.and },
  or: { sign: 'or', level: LEVEL.or },
};

/** The style of the language itself. */
export const plain: Style = {
  integer: (value) => `${value}`,
  name: (name) => name,
  parenthesised: (text) => `(${text})`,
  sum: (terms) =>
    terms
      .map(({ negative, text }, i) =>
        i === 0 ? (negative ? `-${text}` : text) : `${negative ? ' - ' : ' + '}${text}`,
      )
      .join(''),
  product: (factors) => factors.join('*'),
  fraction: (above, below) => ({
    text: `${grouped(plain, above, LEVEL.product)}/${grouped(plain, below, LEVEL.product + 0.5)}`,
    level: LEVEL.product,
    degree: above.degree - below.degree,
  }),
  power: (base, exponent) => `${base}^${grouped(plain, exponent, LEVEL.atom)}`,
  root: (_, radicand) => `sqrt(${radicand.text})`,
  call: writeCall,
};

function writeCall(name: string, args: readonly Piece[]): Piece {
  const infix = INFIX[name];
  if (infix) {
    const text = args.map((arg) => grouped(plain, arg, infix.level + 0.5)).join(` ${infix.sign} `);
    return { text, level: infix.level, degree: 0 };
  }
  if (name === HELD_DERIVATIVE) {
    return { text: `d/d${args[1]!.text}(${args[0]!.text})`, level: LEVEL.power, degree: 0 };
  }
  if (name === 'not') {
    return { text: `not ${grouped(plain, args[0]!, LEVEL.not + 0.5)}`, level: LEVEL.not, degree: 0 };
  }
  return { text: `${name}(${args.map((arg) => arg.text).join(', ')})`, level: LEVEL.atom, degree: 0 };
}

/**
 * A text that `parse` reads back to an equal expression. Where sharing makes the tree much larger than the DAG, or
 * nesting makes it very deep, parts are defined first: `t1 := x^4 + x^3 + 2; log(t1)/t1`.
 */
export function toText(e: Expr): string {
  const { definitions, text } = written(e, plain);
  return [...definitions.map(([name, value]) => `${name} := ${value}`), text].join('; ');
}
