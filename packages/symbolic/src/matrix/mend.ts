// What a slip in a gradient derived by hand often is, and what mends it.

import type { Expr } from '../node.ts';
import { memoise } from '../walk.ts';
import type { Matrices, Matrix } from './matrices.ts';
import { type Shape, sameShape } from './shape.ts';
import { isStructure } from './structures.ts';

/** A changed claim and the words for the change. */
export interface Mend {
  readonly claim: Matrix;
  readonly words: string;
}

/** The claim with one change at a time, where that gives the shape asked for. */
export function mends(m: Matrices, claim: Matrix, shape: Shape): Mend[] {
  const { algebra } = m;
  const scaled = (factor: Expr, words: string): Mend => ({ claim: m.scaled(factor, claim), words });
  const found: Mend[] = [
    scaled(algebra.minusOne, 'changing the sign'),
    scaled(algebra.int(2), 'multiplying by 2'),
    scaled(algebra.half, 'dividing by 2'),
    { claim: m.transpose(claim), words: 'transposing it' },
    ...[...m.space.sizes].flatMap((name) => [
      scaled(m.size(name), `multiplying by ${name}`),
      scaled(algebra.$.inv(m.size(name)), `dividing by ${name}`),
    ]),
    ...[...m.space.symbols].flatMap(([name, { rows, cols }]) =>
      rows === cols && rows !== 1 ? [{ claim: turned(m, claim, name), words: `transposing ${name}` }] : [],
    ),
  ];
  return found.filter((mend) => sameShape(mend.claim, shape));
}

/** The claim with every mention of a square symbol transposed. */
function turned(m: Matrices, claim: Matrix, name: string): Matrix {
  const [e] = memoise<Expr>([claim.e], (node, resultOf) => {
    if (node.kind === 'sym' && node.name === name) return m.flip(node);
    if (isStructure(node) && node.name === 'transpose' && isSymbol(node.args[0]!, name)) return node.args[0]!;
    return m.rebuild(node, node.args.map(resultOf));
  });
  return { ...claim, e: e! };
}

const isSymbol = (e: Expr, name: string) => e.kind === 'sym' && e.name === name;
