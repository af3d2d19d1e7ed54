// The words and marks of a text.

import { LimitError, ParseError, visible } from './errors.ts';
import { GREEK } from './greek.ts';

export interface Token {
  readonly type: 'number' | 'name' | 'mark' | 'superscript' | 'end';
  readonly text: string;
  readonly index: number;
  /** A name written as one letter, such as x, α or x₁: before a parenthesis it multiplies. */
  readonly letter?: boolean;
}

/** The longest text, in UTF-16 units. */
const MAX_LENGTH = 1 << 20;

const TOKEN =
  /\s+|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{Nd}_]*[₀-₉]*(?:'(?:[1-9]\d?)?)*)|(?<superscript>[⁺⁻]?[⁰¹²³⁴-⁹]+)|(?<mark>\*\*|:=|<=|>=|==|!=|[-+*/^(),;<>=!|√∛−·×⋅÷≤≥≠])/uy;

/** Other ways to write the same mark. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '**': '^',
  '−': '-',
  '·': '*',
  '×': '*',
  '⋅': '*',
  '÷': '/',
  '==': '=',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
};

/** What to do about characters that people try. */
const HINTS: Readonly<Record<string, string>> = {
  '∞': 'infinity is no number',
  '[': 'use parentheses',
  '{': 'use parentheses',
  '∂': 'derivatives are taken by diff',
  '\\': 'TeX is read by parseTex',
  '%': 'write x/100 for a percentage',
};

export function tokenize(text: string): Token[] {
  expectShort(text);
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const index = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw unexpectedCharacter(text, index);
    const { number, name, superscript, mark } = match.groups!;
    if (number !== undefined) tokens.push({ type: 'number', text: number, index });
    else if (name !== undefined) tokens.push(nameToken(name, index));
    else if (superscript !== undefined)
      tokens.push({ type: 'superscript', text: lowered(superscript), index });
    else if (mark !== undefined) tokens.push({ type: 'mark', text: SPELLINGS[mark] ?? mark, index });
  }
  tokens.push({ type: 'end', text: '', index: text.length });
  return tokens;
}

export function expectShort(text: string): void {
  if (text.length > MAX_LENGTH) throw new LimitError('the length of a text', MAX_LENGTH, text.length);
}

export function unexpectedCharacter(text: string, index: number): ParseError {
  const character = String.fromCodePoint(text.codePointAt(index)!);
  const hint = Object.hasOwn(HINTS, character) ? HINTS[character] : undefined;
  return new ParseError(`Unexpected "${visible(character)}"`, text, index, hint);
}

const WORDS = new Set(['and', 'or', 'not']);

/** α is alpha and x₁ is x_1, each one letter. */
function nameToken(written: string, index: number): Token {
  if (WORDS.has(written)) return { type: 'mark', text: written, index };
  const [, stem = '', subscript = '', primes = ''] = /^([^₀-₉']+)([₀-₉]*)(.*)$/.exec(written)!;
  const text = (GREEK.get(stem) ?? stem) + (subscript && `_${lowered(subscript)}`) + primes;
  return { type: 'name', text, index, letter: primes === '' && [...stem].length === 1 };
}

/** The digits and signs of superscripts and subscripts as ordinary ones. */
const lowered = (text: string) => text.normalize('NFKC').replace('\u2212', '-');
