import { expect, test } from 'vitest';
import { applied, mutantsOf } from './mutants.ts';

test.each<[source: string, mutated: string[]]>([
  ['a + b;', [';', 'a - b;']],
  ['x = a < b;', [';', 'x = a <= b;', 'x = a >= b;']],
  [
    'const f = (a: 1 | 2) => (a === 1) !== b;',
    [
      'const f = (a: 1 | 2) => (a !== 1) !== b;',
      'const f = (a: 1 | 2) => (a === (1 + 1)) !== b;',
      'const f = (a: 1 | 2) => (a === (1 + -1)) !== b;',
      'const f = (a: 1 | 2) => (a === 1) === b;',
    ],
  ],
  ['const y = !c && d;', ['const y = c && d;', 'const y = !c || d;']],
  ['function f() { if (c) return; }', ['function f() { ; }', 'function f() { if (!(c)) return; }']],
  ['const y = c ? a : b;', ['const y = !(c) ? a : b;']],
  ['const y = f(a, b);', ['const y = f(b, a);']],
  ['for (const x of y) i++;', ['for (const x of y) ;', 'for (const x of y) i--;']],
  ['const y = (x as number) ?? true;', ['const y = (x as number) ?? false;']],
  ["const y = 'a' + b;", []],
  ["import { x } from 'y'; const op = { doc: f(a, b), samples: [1] };", []],
  ['type T = 1;', []],
  ['const y = Math.max(a, b);', []],
  ['const y = { 0: x };', []],
])('of %s', (source, mutated) => {
  expect(mutantsOf('f.ts', source).map((mutant) => applied(source, mutant))).toEqual(mutated);
});
