import { Algebra } from './algebra.ts';
import { factsOfVariables } from './assumption.ts';
import { derivativeAt } from './diff.ts';
import { equal } from './equal.ts';
import { DomainError, SymbolicError } from './errors.ts';
import { isCondition } from './fold.ts';
import { type Input, toExpr } from './input.ts';
import { readingOrder } from './layout.ts';
import { type Expr, HELD_DERIVATIVE } from './node.ts';
import { simplifySteps } from './simplify.ts';
import { toTex } from './tex.ts';
import { plain } from './text.ts';
import { dependents, memoise, postorder } from './walk.ts';

/** One step of a derivation: what stood there, what stands there now, and by which rule. */
export interface Explanation {
  readonly rule: string;
  readonly before: Expr;
  readonly after: Expr;
  /** `before = after` in TeX. */
  readonly tex: string;
  /** Whether both sides are proved equal, or only not refuted. */
  readonly verdict: 'proved' | 'unknown';
}

export interface Derivation {
  /** The derivative, simplified. */
  readonly result: Expr;
  /** Where the derivative has no value and the result does. */
  readonly conditions: readonly Expr[];
  readonly steps: readonly Explanation[];
}

/** A step does not hold: the engine contradicts itself, which it would rather say than hide. */
export class DerivationError extends SymbolicError {
  override readonly name = 'DerivationError';
  override readonly code = 'ERR_SYMBOLIC_DERIVATION';
}

/**
 * The derivation of a derivative, step by step: the rules of differentiation from the outside in, then the rewriting of
 * the result. Derivatives that are still to be worked out stand as d/dx(…); each distinct part is explained once. Every
 * step is checked, those of differentiation with the open derivatives filled in: both sides are proved equal or, where
 * no proof is found, at least not refuted, and the step says which.
 *
 * @throws DerivationError if a step does not hold.
 * @example
 * import { explain } from '@leibniz/symbolic';
 * const { result, steps } = explain('sin(x^2)', 'x');
 * String(result); // => 2*x*cos(x^2)
 * steps.map(({ rule, before, after }) => `${rule}: ${before} = ${after}`);
 * // => [
 * // =>   'chain rule, sin: d/dx(sin(x^2)) = cos(x^2)*d/dx(x^2)',
 * // =>   'power rule: d/dx(x^2) = 2*x'
 * // => ]
 */
export function explain(e: Input, x: string): Derivation {
  const algebra = new Algebra();
  const [own] = algebra.adopt(toExpr(e)) as [Expr];
  if (isCondition(own)) throw new DomainError(`Cannot differentiate ${own}: it is a condition`);
  const moving = dependents([own], new Set([x]));
  const variable = algebra.sym(x, factsOfVariables([own]).get(x));
  const held = (u: Expr) => algebra.call(HELD_DERIVATIVE, [u, variable]);
  const open = (u: Expr) =>
    moving.has(u) && u !== variable ? held(u) : moving.has(u) ? algebra.one : algebra.zero;
  const derivatives = new Map<Expr, Expr>();
  const nodes = postorder([own]);
  for (const node of nodes) {
    derivatives.set(
      node,
      derivativeAt(algebra, node, moving, (arg) => derivatives.get(arg)!),
    );
  }
  const steps: Explanation[] = [];
  for (const node of readingOrder(own, plain)) {
    if (node.kind === 'sym' || !moving.has(node) || isCondition(node)) continue;
    const after = derivativeAt(algebra, node, moving, open);
    const verdict = check(filledIn(algebra, after, derivatives), derivatives.get(node)!);
    steps.push(step(ruleOf(node, variable, moving), held(node), after, verdict));
  }
  const raw = derivatives.get(own)!;
  const simplification = simplifySteps(raw);
  if (steps.length === 0) {
    steps.push(step(own === variable ? 'd x/dx = 1' : 'constant', held(own), raw, 'proved'));
  }
  const rewritten = simplification.steps.map(({ rule, before, after }) =>
    step(rule, before, after, check(before, after)),
  );
  return {
    result: simplification.result,
    conditions: simplification.conditions,
    steps: [...steps, ...rewritten],
  };
}

const step = (rule: string, before: Expr, after: Expr, verdict: Explanation['verdict']): Explanation => ({
  rule,
  before,
  after,
  tex: `${toTex(before)} = ${toTex(after)}`,
  verdict,
});

function ruleOf(node: Expr, variable: Expr, moving: ReadonlySet<Expr>): string {
  const inner = node.args.filter((arg) => moving.has(arg));
  const isChain = inner.some((arg) => arg !== variable);
  switch (node.kind) {
    case 'sum':
      return 'sum rule';
    case 'product':
      if (inner.length === 1) return 'constant factor';
      return inner.some(isReciprocal) ? 'product rule, for a quotient' : 'product rule';
    case 'power':
      if (moving.has(node.args[1]!))
        return moving.has(node.args[0]!) ? 'power with both parts moving' : 'exponential rule';
      return isChain ? 'chain rule, power' : 'power rule';
    case 'call':
      if (node.name === 'where') return 'case by case';
      return isChain ? `chain rule, ${node.name}` : `derivative of ${node.name}`;
    default:
      return 'constant';
  }
}

const isReciprocal = (e: Expr) =>
  e.kind === 'power' && e.args[1]!.kind === 'num' && e.args[1]!.value.sign < 0;

/** The expression with the open derivatives filled in. */
function filledIn(algebra: Algebra, e: Expr, derivatives: ReadonlyMap<Expr, Expr>): Expr {
  const [filled] = memoise<Expr>([e], (node, resultOf) => {
    if (node.kind === 'call' && node.name === HELD_DERIVATIVE) return derivatives.get(node.args[0]!)!;
    return algebra.rebuild(node, node.args.map(resultOf));
  });
  return filled!;
}

function check(before: Expr, after: Expr): Explanation['verdict'] {
  if (before === after) return 'proved';
  const { verdict } = equal(before, after);
  if (verdict === 'refuted') {
    throw new DerivationError(`A step does not hold: ${before} is not equal to ${after}`);
  }
  return verdict;
}
