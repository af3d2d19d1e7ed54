import { expect, it } from 'vitest';
import { cse } from './cse.ts';
import { diff } from './diff.ts';
import { evaluate } from './evaluate.ts';
import { hessian } from './gradient.ts';
import type { Input } from './input.ts';
import type { Expr } from './node.ts';
import { parse } from './parse.ts';
import { substitute } from './substitute.ts';
import { countNodes } from './walk.ts';

const NAMES = ['x', 'y'];
const SETS: readonly (readonly [what: string, exprs: readonly Input[]])[] = [
  ['nothing shared', ['x + y']],
  ['two of one', ['sin(x)^2', 'sin(x)^2']],
  ['a derivative', [diff('log(log(x^4 + x^3 + 2)^4 + 2)', 'x')]],
  ['a Hessian', hessian('exp(x*y)*sin(x^2 + y^2)', NAMES).flat()],
  ['a name that is taken', ['t1*(x + y)^2', 'sqrt(x + y)']],
  ['cases', ['where(x < y, (x + y)^2, x)', 'where(x < y, (x + y)^3, y)']],
];

it.each(SETS)('%s: the values stay, and nothing is computed twice', (_, exprs) => {
  const { replacements, results } = cse(exprs);
  const at = { x: 0.3, y: 1.7, ...(exprs.join().includes('t1') && { t1: 0.9 }) };
  const known: Record<string, number> = { ...at };
  for (const [name, value] of replacements) {
    expect(known).not.toHaveProperty(name);
    known[name] = evaluate(value, known);
  }
  for (const [i, result] of results.entries()) {
    expect(evaluate(result, known)).toBeCloseTo(evaluate(exprs[i]!, at), 12);
  }
});

it('put back, the parts give the input', () => {
  const e = diff('log(log(x^4 + x^3 + 2)^4 + 2)', 'x');
  const { replacements, results } = cse([e]);
  const whole = replacements.reduceRight<Expr>(
    (written, [name, value]) => substitute(written, { [name]: value }),
    results[0]!,
  );
  expect(whole.equals(e)).toBe(true);
});

it('as many operations as the DAG has', () => {
  let f = parse('x');
  for (let i = 0; i < 12; i++) f = substitute('log(f^4 + f^3 + 2)', { f });
  const { replacements, results } = cse([diff(f, 'x')]);
  const written = [...replacements.map(([, value]) => value), ...results];
  const operations = written.reduce((sum, e) => sum + countNodes(e), 0);
  expect(operations).toBeLessThan(2 * countNodes(diff(f, 'x')));
});
