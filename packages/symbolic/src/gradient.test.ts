import { describe, expect, it } from 'vitest';
import { diff } from './diff.ts';
import { DomainError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { gradient, hessian, jacobian } from './gradient.ts';
import { parse } from './parse.ts';
import { countNodes, postorder } from './walk.ts';

const AT = { x: 0.7, y: -1.3, z: 2.1 };
const NAMES = ['x', 'y', 'z'];

describe('reverse accumulation agrees with differentiation by each variable', () => {
  it.each([
    'x^4 + y^2',
    'sin(x*y)*exp(z)/(x^2 + z^2)',
    'log(x^2 + y^2 + z^2)^3',
    'where(x < y, x*z, y*z) + max(x, z)',
    'x*y*z*x*(x + y)*(y + z)',
    '(x^2 + 1)^z',
    'atan2(y, x) + hypot(x, z)',
    '7',
    't := x*y; u := t + z; u*t + sin(u)',
  ])('%s', (formula) => {
    const partials = gradient(formula, NAMES);
    for (const [i, name] of NAMES.entries()) {
      const expected = evaluate(diff(formula, name), AT);
      expect(Math.abs(evaluate(partials[i]!, AT) - expected)).toBeLessThanOrEqual(
        1e-13 * Math.max(1, Math.abs(expected)),
      );
    }
  });
});

it('jacobian and hessian have exact zeros where nothing depends', () => {
  expect(jacobian(['x*y', 'z^2'], NAMES).map(String)).toEqual(['y,x,0', '0,0,2*z']);
  expect(hessian('x^2*y + z', NAMES).map(String)).toEqual(['2*y,2*x,0', '2*x,0,0', '0,0,0']);
});

it('a condition has no gradient', () => {
  expect(() => gradient('x < 1', ['x'])).toThrow(DomainError);
});

it('1,000 variables cost a few times the function', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `x${i}`);
  const f = parse(names.map((name, i) => `sin(${name}*${names[(i + 1) % 1000]})^2`).join(' + '));
  expect(postorder(gradient(f, names)).length).toBeLessThan(5 * countNodes(f));
});
