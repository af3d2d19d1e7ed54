// Texts meant to break an engine: each gives the right answer or a typed error, soon.

import { NotDifferentiableError } from '@leibniz/ops';
import { describe, expect, it } from 'vitest';
import { diff } from './diff.ts';
import { DomainError, LimitError, ParseError, SymbolicError, UnboundSymbolError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { exercise, grammatical, scrambled, seeded } from './fuzz.ts';
import type { Expr } from './node.ts';
import { parse } from './parse.ts';
import { simplify } from './simplify.ts';
import { toTex } from './tex.ts';

const many = 100_000;
const nested = (open: string, close = '') => `${open.repeat(many)}x${close.repeat(many)}`;
const listed = (sign: string, item: (i: number) => string) =>
  Array.from({ length: many }, (_, i) => item(i)).join(sign);

const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['parentheses', nested('(', ')')],
  ['minus signs', nested('-')],
  ['powers', nested('x^')],
  ['bars', nested('|', '|')],
  ['calls', nested('sin(', ')')],
  ['fractions', nested('1/(1+', ')')],
  ['superscripts', nested('(', ')²')],
  ['negations', `${nested('not ')} < 1`],
  ['equal terms', listed('+', () => 'x')],
  ['terms', listed('+', (i) => `x${i}`)],
  ['factors', listed('*', (i) => `x${i}`)],
  ['fractions of growing size', Array.from({ length: 3000 }, (_, i) => `x/${i + 1}`).join('+')],
  ['a million digits', '7'.repeat(1e6)],
  ['a million letters', 'x'.repeat(1e6)],
  ['half a million factors', 'x '.repeat(5e5)],
  ['a tower of sharing', `t := x; ${'t := log(t^4 + t^3 + 2); '.repeat(500)} t`],
  ['squares of squares', nested('(', ')^2').replace('x', '2')],
  ['a large power', '2^(10^9)'],
  ['a small power', '2^(-10^9)'],
  ['a large root', '10^(9^(-12))'],
  ['a tower of nines', '9^9^9^9'],
  ['a large power of a sum', '(x + 1)^(10^9)'],
  ['a power of a large power', '1/(x^10^9^1e3)^10^9'],
  ['a power of large numbers', '1e4000^1e4000'],
  ['a value of gamma', 'gamma(10^9)'],
  ['a factorial', '(10^9)!'],
  ['a division by zero', '1/0'],
  ['a name of the host', 'constructor'],
  ['a name of the host with properties', '__proto__'],
  ['a call of the host', 'constructor(x)'],
  ['a right-to-left override', 'x\u202ey'],
  ['a NUL', 'x\0'],
  ['half a character', '\ud83d'],
  ['nothing', ''],
];

/** What may be thrown. */
const TYPED = [SymbolicError, NotDifferentiableError];

/** Milliseconds after which a text is held to hang; how fast the steps are is measured in apps/bench. */
const HANGS = 180_000;

const STEPS: Readonly<Record<string, (e: Expr) => unknown>> = {
  'parse what was printed': (e) => expect(parse(String(e)).equals(e)).toBe(true),
  differentiate: (e) => diff(e, 'x'),
  simplify: (e) => simplify(e),
  'write TeX': (e) => toTex(e),
  evaluate: (e) => evaluate(e, { x: 0.5 }),
};

/** Runs a step that may throw a typed error, and no other. */
function typed<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    expect(
      TYPED.some((type) => error instanceof type),
      String(error),
    ).toBe(true);
    expect((error as Error).message.length).toBeLessThanOrEqual(300);
    return undefined;
  }
}

it.each(TEXTS)(
  '%s',
  (_, text) => {
    const e = typed(() => parse(text));
    if (e) for (const step of Object.values(STEPS)) typed(() => step(e));
  },
  HANGS,
);

it.each([
  ['2^(10^9)', '2^1000000000'],
  ['(10^9)!', 'gamma(1000000001)'],
  ['9^9^9^9', '9^(9^387420489)'],
  ['1/0', '1/0'],
  ['constructor', 'constructor'],
  ['__proto__', '__proto__'],
])('%s stays %s', (text, printed) => {
  expect(String(parse(text))).toBe(printed);
});

it.each([
  ['__proto__', UnboundSymbolError],
  ['toString', UnboundSymbolError],
  ['x\u202ey', ParseError],
  ['7'.repeat(1e6), LimitError],
])('the right error', (text, type) => {
  expect(() => evaluate(text, { x: 1 })).toThrow(type);
});

it('a condition has no derivative', () => {
  expect(() => diff('x < 1', 'x')).toThrow(DomainError);
});

describe('100,000 random texts raise no untyped error, and what is read reads back', () => {
  it.each([
    ['of the grammar', grammatical],
    ['of marks in any order', scrambled],
  ])(
    '%s',
    (_, make) => {
      const below = seeded(2026);
      let read = 0;
      for (let i = 0; i < 50_000; i++) if (exercise(make(below))) read++;
      expect(read).toBeGreaterThan(500);
    },
    HANGS,
  );
});
