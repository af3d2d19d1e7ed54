// How large simplified derivatives are, beside those of mathjs, SymPy and giac: nodes of the tree that one common parser
// makes of each text, operators and leaves. SymPy's and giac's come from packages/symbolic/fixtures/derivatives.py.

import { readFileSync } from 'node:fs';
import { diff, simplify } from '@leibniz/symbolic';
import * as mathjs from 'mathjs';

interface Row {
  readonly formula: string;
  readonly sympy: readonly string[];
  readonly giac: readonly string[];
}

const FIXTURE = new URL('../../../packages/symbolic/fixtures/derivatives.json', import.meta.url);

/** One name for each function, so that spelling does not count. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/\bln\b/g, 'log'],
  [/\bE\b/g, 'e'],
  [/\barc(sin|cos|tan)\b/g, 'a$1'],
];

/** Operators and leaves of the text; a negative sign counts as one. */
export function treeSize(text: string): number {
  const spelled = SPELLINGS.reduce((result, [pattern, name]) => result.replace(pattern, name), text);
  let count = 0;
  mathjs.parse(spelled).traverse((node) => {
    // The name of a function is not a node of its own beside the call.
    if (node.type !== 'ParenthesisNode') count++;
    if (node.type === 'FunctionNode') count--;
  });
  return count;
}

const sizeOf = (text: string): number => {
  try {
    return treeSize(text);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
};

function byMathjs(formula: string): string[] {
  const log = formula.replace(/\berf\(/g, 'erf(');
  try {
    return [
      mathjs.derivative(log, 'x').toString(),
      mathjs.derivative(log, 'x', { simplify: false }).toString(),
    ];
  } catch {
    return [];
  }
}

export interface Size {
  readonly formula: string;
  readonly ours: number;
  readonly best: number;
  readonly peer: string;
  readonly text: string;
  readonly theirs: string;
}

export function derivativeSizes(): Size[] {
  const rows = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Row[];
  return rows.map(({ formula, sympy, giac }) => {
    const text = String(simplify(diff(formula, 'x')));
    const peers = Object.entries({ sympy, giac, mathjs: byMathjs(formula) }).flatMap(([peer, texts]) =>
      texts.map((theirs) => ({ peer, theirs, best: sizeOf(theirs) })),
    );
    const shortest = peers.reduce((a, b) => (b.best < a.best ? b : a));
    return { formula, text, ours: treeSize(text), ...shortest };
  });
}

/** The geometric mean of ours / best. */
export const geometricMean = (sizes: readonly Size[]): number =>
  Math.exp(sizes.reduce((sum, { ours, best }) => sum + Math.log(ours / best), 0) / sizes.length);
