import { grouped, type Piece, render, type Style } from './layout.ts';
import { type Expr, HELD_DERIVATIVE } from './node.ts';
import { LEVEL } from './precedence.ts';
import { memoise, postorder, variables } from './walk.ts';

/** How the comparisons and connectives are written between their arguments. */
export const INFIX: Readonly<Record<string, { readonly sign: string; readonly level: number }>> = {
  less: { sign: '<', level: LEVEL.compare },
  lessEqual: { sign: '<=', level: LEVEL.compare },
  equal: { sign: '=', level: LEVEL.compare },
  notEqual: { sign: '!=', level: LEVEL.compare },
  and: { sign: 'and', level: LEVEL.and },
  or: { sign: 'or', level: LEVEL.or },
};

const plain: Style = {
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

/** Beyond this size, written out as a tree, an expression shows the parts it shares once, as definitions. */
const TREE_LIMIT = 1000;

/**
 * A text that `parse` reads back to an equal expression. Where sharing makes the tree much larger than the DAG,
 * shared parts are defined first: `t1 := x^4 + x^3 + 2; log(t1)/t1`.
 */
export function toText(e: Expr): string {
  const sizes = new Map<Expr, number>();
  const [size] = memoise<number>([e], (node, sizeOf) => {
    const total = node.args.reduce((sum, arg) => sum + sizeOf(arg), 1);
    sizes.set(node, total);
    return total;
  });
  return size! <= TREE_LIMIT ? render(e, plain) : withDefinitions(e, sizes);
}

function withDefinitions(e: Expr, sizes: ReadonlyMap<Expr, number>): string {
  const uses = new Map<Expr, number>();
  const order = postorder([e]);
  for (const node of order) for (const arg of node.args) uses.set(arg, (uses.get(arg) ?? 0) + 1);
  const shared = order.filter((node) => (uses.get(node) ?? 0) > 1 && sizes.get(node)! > 2 && node !== e);
  const taken = new Set(variables(e));
  const names = new Map<Expr, string>();
  const lines: string[] = [];
  let next = 1;
  for (const node of shared) {
    const text = render(node, plain, names);
    while (taken.has(`t${next}`)) next++;
    names.set(node, `t${next++}`);
    lines.push(`${names.get(node)} := ${text}`);
  }
  return [...lines, render(e, plain, names)].join('; ');
}
