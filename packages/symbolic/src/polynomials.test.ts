// Factors and common divisors against SymPy, and against their own definitions on random polynomials.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Algebra } from './algebra.ts';
import { factorise } from './factors.ts';
import { Fractions } from './fraction.ts';
import { gcd } from './gcd.ts';
import { toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { ONE, type Poly, primitive, Ring, samePoly, scale, symmetric } from './ring.ts';
import { irreducibleFactors } from './univariate.ts';

interface Fixtures {
  readonly factors: readonly [polynomial: string, content: string, factors: [string, number][]][];
  readonly gcds: readonly [f: string, g: string, gcd: string][];
}
const fixtures: Fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/polynomials.json', import.meta.url), 'utf8'),
);

/** Numerators of the texts over one ring. */
function polynomials(...texts: readonly string[]): { ring: Ring; polys: Poly[] } {
  const algebra = new Algebra();
  const own = algebra.adopt(...texts.map((text) => toExpr(text))) as Expr[];
  const fractions = new Fractions(algebra, own);
  return { ring: fractions.ring, polys: own.map((e) => fractions.of(e).above) };
}

describe('factors are those of SymPy', () => {
  it.each(fixtures.factors)('%s', (text, content, parts) => {
    const { ring, polys } = polynomials(text, content, ...parts.map(([part]) => part));
    const [f, , ...expected] = polys as [Poly, Poly, ...Poly[]];
    const found = factorise(ring, f);
    expect(found.complete).toBe(true);
    expect(found.factors).toHaveLength(expected.length);
    for (const [i, part] of expected.entries()) {
      const match = found.factors.find(([factor]) => samePoly(factor, primitive(part)));
      expect(match?.[1], parts[i]![0]).toBe(parts[i]![1]);
    }
  });
});

describe('common divisors are those of SymPy', () => {
  it.each(fixtures.gcds)('%s and %s', (...texts) => {
    const { ring, polys } = polynomials(...texts);
    const [f, g, expected] = polys as [Poly, Poly, Poly];
    const found = gcd(ring, f, g);
    expect(samePoly(found, expected) || samePoly(found, scale(expected, -1n))).toBe(true);
  });
});

const ring = new Ring(3);
const monomials = fc.tuple(fc.nat(3), fc.nat(2), fc.nat(2), fc.bigInt(-20n, 20n));
const someTerms = fc.array(monomials, { minLength: 1, maxLength: 4 });
const somePoly = someTerms
  .map((terms) =>
    ring.sum(
      terms.map(([i, j, k, c]) =>
        scale(ring.product([ring.variable(0, i), ring.variable(1, j), ring.variable(2, k)]), c),
      ),
    ),
  )
  .filter((f) => f.size > 0);

describe('random polynomials', () => {
  const runs = { seed: 20, numRuns: 150 };

  it('a common factor divides the gcd, and the gcd both', () => {
    fc.assert(
      fc.property(somePoly, somePoly, somePoly, (a, b, c) => {
        const [f, g] = [ring.multiply(a, c), ring.multiply(b, c)];
        const shared = gcd(ring, f, g);
        expect([ring.divide(shared, c), ring.divide(f, shared), ring.divide(g, shared)]).not.toContain(
          undefined,
        );
      }),
      runs,
    );
  });

  it('factors multiply back', () => {
    fc.assert(
      fc.property(somePoly, somePoly, (a, b) => {
        const f = ring.multiply(a, b);
        const { content, factors } = factorise(ring, f);
        const product = factors.reduce(
          (whole, [factor, n]) => ring.multiply(whole, ring.power(factor, n)),
          scale(ONE, content),
        );
        expect(samePoly(product, f)).toBe(true);
        const isIrreducible = a.size > 1 && b.size > 1;
        if (isIrreducible) expect(factors.reduce((sum, [, n]) => sum + n, 0)).toBeGreaterThanOrEqual(2);
      }),
      runs,
    );
  });

  it('quotients are exact or none', () => {
    fc.assert(
      fc.property(somePoly, somePoly, (a, b) => {
        expect(samePoly(ring.divide(ring.multiply(a, b), b)!, a)).toBe(true);
        expect(ring.divide(ring.sum([ring.multiply(a, scale(b, 2n)), ONE]), scale(b, 2n))).toBeUndefined();
      }),
      runs,
    );
  });
});

describe('one variable', () => {
  it.each([
    ['many factors modulo every prime', [1n, 0n, -40n, 0n, 352n, 0n, -960n, 0n, 576n].reverse(), 1],
    ['content in the leading coefficient', [-1n, 0n, 4n], 2],
    ['twelve factors', [-1n, ...new Array<bigint>(59).fill(0n), 1n], 12],
  ])('%s', (_, f, count) => {
    const factors = irreducibleFactors(f);
    expect(factors).toHaveLength(count);
    const product = factors.reduce((a, b) => {
      const result = new Array<bigint>(a.length + b.length - 1).fill(0n);
      a.forEach((c, i) => {
        b.forEach((d, j) => {
          result[i + j]! += c * d;
        });
      });
      return result;
    });
    expect(product).toEqual(f);
  });
});

describe('limits', () => {
  it.each([
    ['a large degree', '(x^900 - 3x + 1)*(x^800 + x - 5)'],
    ['many variables', '(a+b+c+d+u+v+w+x+y+z)^2*(a*b+c*d)'],
    ['large coefficients', `(${'7'.repeat(300)}*x^9 + 1)*(${'3'.repeat(300)}*x^8 - x + 1)`],
  ])('%s ends soon, factored or left whole', (_, text) => {
    const { ring, polys } = polynomials(text);
    const start = performance.now();
    const { content, factors } = factorise(ring, polys[0]!);
    expect(performance.now() - start).toBeLessThan(1000);
    const product = factors.reduce(
      (f, [part, n]) => ring.multiply(f, ring.power(part, n)),
      scale(ONE, content),
    );
    expect(samePoly(product, polys[0]!)).toBe(true);
  });

  it('exponents and variables beyond a monomial are typed errors', () => {
    expect(() => new Ring(60)).toThrow('variables');
    expect(() => new Ring(10).variable(0, 40)).toThrow('exponent');
    expect(() => new Ring(2).power(new Ring(2).sum([new Ring(2).variable(0), ONE]), 5000)).toThrow('power');
  });
});

it.each([
  [7n, 5n, 2n],
  [-7n, 5n, -2n],
  [8n, 5n, -2n],
  [-8n, 5n, 2n],
])('the residue of least size of %d modulo %d is %d', (n, modulus, residue) => {
  expect(symmetric(n, modulus)).toBe(residue);
});
