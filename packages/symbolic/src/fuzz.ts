// Random texts through the whole engine: whatever comes in, what comes out is an expression or a typed error. Run by
// the tests for a while and by `fuzz.soak.ts` for long.

import { NotDifferentiableError } from '@leibniz/ops';
import { diff } from './diff.ts';
import { SymbolicError } from './errors.ts';
import { FUNCTIONS } from './functions.ts';
import { parse } from './parse.ts';
import { simplify } from './simplify.ts';

/** Uniform integers below n from a seed (xorshift). */
export type Below = (n: number) => number;

export function seeded(seed: number): Below {
  let state = seed | 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

const LEAVES = ['x', 'y', 'α', 'e', 'pi', '0', '1', '2', '0.5', '1e3', '10^9', 'x₁', 'true'];
const INFIX = ['+', '-', '*', '/', '^', ' ', '', '**', '<', '>=', '=', '!=', ' and ', ' or ', ',', '·'];
const AROUND = [
  '(#)',
  '|#|',
  '-#',
  '√#',
  '#!',
  '#²',
  '#⁻¹',
  '(#)^2',
  '1/(#)',
  'not #',
  'sin^2(#)',
  't := #; t',
];
const CALLS = [...FUNCTIONS.keys()];

/** A text that mostly follows the grammar. */
export function grammatical(below: Below): string {
  let text = LEAVES[below(LEAVES.length)]!;
  for (let i = below(7); i > 0; i--) {
    const other = LEAVES[below(LEAVES.length)]!;
    const call = CALLS[below(CALLS.length)]!;
    const grown = [
      () => text + INFIX[below(INFIX.length)]! + other,
      () => other + INFIX[below(INFIX.length)]! + text,
      () => AROUND[below(AROUND.length)]!.replace('#', () => text),
      () => `${call}(${text})`,
      () => `${call}(${text}, ${other})`,
      () => `where(${text}, ${other}, x)`,
    ];
    text = grown[below(grown.length)]!();
  }
  return text;
}

const MARKS = '()|+-*/^!,;:=<> .0123456789eExyπα²⁻₁\'_√∛\n\0\u202e\ud800{}[]\\$#@%&~`"?∞';

/** A text of marks in any order. */
export function scrambled(below: Below): string {
  return Array.from({ length: 1 + below(12) }, () => MARKS[below(MARKS.length)]!).join('');
}

/**
 * Reads, writes, reads again, differentiates and simplifies. Returns whether the text was an expression; throws if
 * the two readings differ, or whatever untyped error came up.
 */
export function exercise(text: string): boolean {
  try {
    const e = parse(text);
    if (!parse(String(e)).equals(e)) throw new Error(`${String(e)} reads back differently`);
    simplify(diff(e, 'x'));
    return true;
  } catch (error) {
    if (error instanceof NotDifferentiableError) return true;
    if (error instanceof SymbolicError) return false;
    throw new Error(`The text ${JSON.stringify(text)} breaks the engine: ${error}`, { cause: error });
  }
}
