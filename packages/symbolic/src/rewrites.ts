// Exact rewriting of rational structure: one fraction, in lowest terms, multiplied out. Arguments of functions are
// rewritten first, so that log(x·(x + 1)) and log(x² + x) become one generator.

import { Algebra } from './algebra.ts';
import { Costs } from './cost.ts';
import { conditionsLost } from './domain.ts';
import { DomainError, LimitError } from './errors.ts';
import { factorise, type Power, squareFree } from './factors.ts';
import { type Fraction, Fractions, isPolynomialNode, isRationalNode } from './fraction.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { integerContent, type Poly, primitive, type Ring } from './ring.ts';
import { postorder } from './walk.ts';

/** What to make of a maximal region of rational arithmetic. */
type Rewrite = (algebra: Algebra, e: Expr) => Expr;

/** Every region of the expression rewritten, those inside arguments first, and bases of roots in their own way. */
export function rewriteRegions(
  algebra: Algebra,
  root: Expr,
  rewrite: Rewrite,
  { isRational = isRationalNode, ofBase = rewrite }: RegionOptions = {},
): Expr {
  const nodes = postorder([root]);
  const regions = new Map([[root, rewrite]]);
  for (const node of nodes) {
    if (isRational(node)) continue;
    for (const arg of node.args) regions.set(arg, node.kind === 'power' ? ofBase : rewrite);
  }
  const results = new Map<Expr, Expr>();
  for (const node of nodes) {
    const rebuilt = algebra.rebuild(
      node,
      node.args.map((arg) => results.get(arg)!),
    );
    const change = rebuilt.args.length > 0 ? regions.get(node) : undefined;
    results.set(node, change?.(algebra, rebuilt) ?? rebuilt);
  }
  return results.get(root)!;
}

interface RegionOptions {
  readonly isRational?: (node: Expr) => boolean;
  readonly ofBase?: Rewrite;
}

function rewritten(e: Input, rewrite: Rewrite, options: RegionOptions = {}): Expr {
  const algebra = new Algebra();
  const [own] = algebra.adopt(toExpr(e)) as [Expr];
  return rewriteRegions(algebra, own, rewrite, options);
}

/** The result, or the expression as it is where it is too large, or divides by zero everywhere. */
const orUnchanged =
  (rewrite: Rewrite): Rewrite =>
  (algebra, e) => {
    try {
      return rewrite(algebra, e);
    } catch (error) {
      if (error instanceof LimitError || error instanceof DomainError) return e;
      throw error;
    }
  };

/**
 * The expression multiplied out: a sum of products of powers, also inside arguments. Quotients by sums stay whole.
 *
 * @throws LimitError when there are too many terms.
 * @example
 * import { expand } from '@leibniz/symbolic';
 * String(expand('(x + 1)^2 * (y - 2)')); // => x^2*y + 2*x*y - 2*x^2 - 4*x + y - 2
 */
export function expand(e: Input): Expr {
  return rewritten(e, expanded, { isRational: isPolynomialNode });
}

const expanded: Rewrite = (algebra, e) => {
  const fractions = new Fractions(algebra, [e], { isRational: isPolynomialNode });
  return termwise(fractions, fractions.of(e));
};

/** The numerator's terms, each over the denominator and in lowest terms. */
function termwise(fractions: Fractions, { above, below }: Fraction): Expr {
  const terms = [...above].map((term) => fractions.lowest(new Map([term]), below));
  return fractions.algebra.sum(terms.map((term) => fractions.expression(fractions.split(term))));
}

/**
 * One fraction in lowest terms, numerator and denominator multiplied out, also inside arguments; left as it is where
 * that is too large. See `lostConditions` for where the input is undefined and the result is not.
 *
 * @example
 * import { cancel, lostConditions } from '@leibniz/symbolic';
 * const result = cancel('(x^2 - 1)/(x - 1)');
 * `${result} where ${lostConditions('(x^2 - 1)/(x - 1)', result)}`; // => x + 1 where x - 1 != 0
 */
export function cancel(e: Input): Expr {
  return rewritten(e, orUnchanged(cancelled));
}

const cancelled: Rewrite = (algebra, e) => {
  const fractions = new Fractions(algebra, [e]);
  return fractions.expression(fractions.split(fractions.of(e)));
};

/**
 * Numerator and denominator as products of powers of factors that are irreducible over the rationals, common factors
 * cancelled, also inside arguments. What is too large for the limits of the work is left whole.
 *
 * @example
 * import { factor } from '@leibniz/symbolic';
 * String(factor('x^4 - 1')); // => (x + 1)*(x - 1)*(x^2 + 1)
 * String(factor('4x^3 + 3x^2')); // => x^2*(4*x + 3)
 */
export function factor(e: Input): Expr {
  return rewritten(e, orUnchanged(factored), { ofBase: orUnchanged(cancelled) });
}

const factored: Rewrite = (algebra, e) => {
  const fractions = new Fractions(algebra, [e]);
  return fractions.expression(fractions.split(fractions.of(e)), (f) => productOfFactors(fractions, f));
};

function productOfFactors(fractions: Fractions, f: Poly, maxWork?: number): Expr {
  return productOf(fractions, f, (ring, part) => factorise(ring, part, maxWork).factors);
}

function productOf(fractions: Fractions, f: Poly, split: (ring: Ring, f: Poly) => readonly Power[]): Expr {
  const { algebra, ring } = fractions;
  if (f.size === 0) return algebra.zero;
  const powers = split(ring, primitive(f)).map(([part, n]) =>
    algebra.power(fractions.polynomial(part), algebra.int(n)),
  );
  return algebra.product([algebra.int(integerContent(f)), ...powers]);
}

/** A polynomial multiplied out, as powers of square-free parts, and as powers of irreducible factors. */
const WAYS: readonly ((fractions: Fractions, f: Poly, maxWork?: number) => Expr)[] = [
  (fractions, f) => fractions.polynomial(f),
  (fractions, f) => productOf(fractions, f, squareFree),
  productOfFactors,
];

/**
 * One fraction in lowest terms, numerator and denominator each multiplied out or factored, wholly or into square-free
 * parts, whichever is smallest.
 *
 * @example
 * import { together } from '@leibniz/symbolic';
 * String(together('1/x + 1/(x + 1)')); // => (2*x + 1)/(x*(x + 1))
 */
export function together(e: Input): Expr {
  return rewritten(e, orUnchanged(smallest));
}

const smallest: Rewrite = (algebra, e) => {
  const fractions = new Fractions(algebra, [e]);
  return fractions.expression(fractions.split(fractions.of(e)), (f) =>
    leastOf(WAYS.map((way) => way(fractions, f))),
  );
};

/** The expression that is shortest when written out; of several the last, which is factored most. */
function leastOf(forms: readonly Expr[]): Expr {
  const costs = new Costs();
  return forms.reduce((least, form) => (costs.of(form) <= costs.of(least) ? form : least));
}

/**
 * The expression as a polynomial in a variable, multiplied out: powers of it times coefficients without it.
 *
 * @throws DomainError where it is no polynomial in the variable.
 * @example
 * import { collect } from '@leibniz/symbolic';
 * String(collect('x*y + x + y*x^2 - 3', 'x')); // => x^2*y + x*(y + 1) - 3
 */
export function collect(e: Input, x: string): Expr {
  const algebra = new Algebra();
  const [own] = algebra.adopt(toExpr(e)) as [Expr];
  const fractions = new Fractions(algebra, [own]);
  const { above, below } = fractions.of(own);
  const { v, powers } = fractions.inVariable(above, x);
  if (fractions.inVariable(below, x).powers.size > 1)
    throw new DomainError(`Cannot collect ${x}: the expression is no polynomial in it`);
  const terms = [...powers].map(([n, coefficient]) =>
    algebra.product([
      v === undefined ? algebra.one : fractions.kernelPower(v, n),
      fractions.expression(fractions.split(fractions.lowest(coefficient, below))),
    ]),
  );
  return algebra.sum(terms);
}

/**
 * Other forms of a region of rational arithmetic, for a search for the smallest: one fraction in lowest terms,
 * numerator and denominator both multiplied out, in square-free parts, factored, or each in its smallest form; over a
 * denominator of one term also the sum of the quotients. The expression must belong to the algebra, and its arguments
 * are taken as they are. Nothing beyond the limits.
 */
export function rationalForms(algebra: Algebra, e: Expr, { growing = false } = {}): Expr[] {
  try {
    const fractions = new Fractions(algebra, [e], { maxTerms: FEW_TERMS, maxNodes: SEARCHED_NODES, growing });
    const lowest = fractions.of(e);
    const { number, above, below } = fractions.split(lowest);
    const written = new Map(
      [above, below].map((f) => [f, WAYS.map((way) => way(fractions, f, FEW_STEPS))] as const),
    );
    const form = (choose: (ways: readonly Expr[]) => Expr) =>
      fractions.expression({ number, above, below }, (f) => choose(written.get(f)!));
    const forms = [...WAYS.map((_, i) => form((ways) => ways[i]!)), form(leastOf)];
    return [...new Set(below.size === 1 ? [...forms, termwise(fractions, lowest)] : forms)];
  } catch (error) {
    if (error instanceof LimitError || error instanceof DomainError) return [];
    throw error;
  }
}

/** Terms of a polynomial that a search for smaller forms works with. */
const FEW_TERMS = 200;

/** The nodes of the largest region that is searched for smaller forms. */
export const SEARCHED_NODES = 120;

/** Steps of a factorisation that such a search affords. */
const FEW_STEPS = 30_000;

/**
 * The conditions under which the second expression, made from the first by exact algebra, equals it: those under
 * which the first has a value, without those that the second needs as well.
 *
 * @example
 * import { lostConditions } from '@leibniz/symbolic';
 * lostConditions('x/x', '1').map(String); // => [ 'x != 0' ]
 */
export function lostConditions(before: Input, after: Input): Expr[] {
  const algebra = new Algebra();
  const [from, to] = algebra.adopt(toExpr(before), toExpr(after)) as [Expr, Expr];
  return conditionsLost(algebra, from, to);
}
