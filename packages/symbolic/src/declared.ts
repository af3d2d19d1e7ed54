// Functions that a text declares: no values, but derivatives, which their names tell.

import { DomainError, visible } from './errors.ts';
import { FUNCTIONS, type LanguageFunction } from './functions.ts';
import { INFIX } from './text.ts';

const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

/** The function that a declared name stands for, with any primes after it. */
export function declaredFunction(name: string): LanguageFunction {
  if (!NAME.test(name) || FUNCTIONS.has(name) || name === 'not' || Object.hasOwn(INFIX, name)) {
    throw new DomainError(
      `Cannot declare the function "${visible(name)}": it is no name, or one already taken`,
    );
  }
  return {
    arity: [1, 64],
    build: (algebra, args, written) => algebra.call(canonicalName(name, written, args.length), args),
  };
}

/** f'' for the second derivative of f(x); f'1'2 for the derivative of f(x, y) by both. */
export function derivativeName(name: string, index: number, arity: number): string {
  if (arity === 1) return `${name}'`;
  const [stem, ...indices] = name.split("'");
  const sorted = [...indices.map(Number), index + 1].sort((a, b) => a - b);
  return [stem, ...sorted].join("'");
}

function canonicalName(stem: string, written: string, arity: number): string {
  const indices = written.split("'").slice(1);
  const isWrong = (index: string) => Number(index) > arity || (index === '' && arity > 1);
  if (indices.some(isWrong)) {
    throw new DomainError(
      `Cannot tell which derivative ${visible(written)} is: of ${arity} arguments, name them as in ${stem}'1`,
    );
  }
  return indices.reduce((name, index) => derivativeName(name, Number(index) - 1, arity), stem);
}
