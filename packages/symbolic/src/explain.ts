import { Algebra } from './algebra.ts';
import { derivativeAt } from './diff.ts';
import { equal } from './equal.ts';
import { DomainError, SymbolicError } from './errors.ts';
import { isCondition } from './fold.ts';
import { type Input, toExpr } from './input.ts';
import { type Expr, HELD_DERIVATIVE } from './node.ts';
import { simplifySteps } from './simplify.ts';
import { toTex } from './tex.ts';
import { dependents, memoise, postorder } from './walk.ts';

/** One step of a derivation: what stood there, what stands there now, and by which rule. */
export interface Explanation {
  readonly rule: string;
  readonly before: Expr;
  readonly after: Expr;
  /** `before = after` in TeX. */
  readonly tex: string;
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
 * step of differentiation is checked: with the open derivatives filled in, both sides are the same, proved equal, or at
 * least not refuted. The steps of rewriting are those of `simplifySteps`.
 *
 * @throws DerivationError if a step of differentiation does not hold.
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
  const variable = algebra.sym(x);
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
  for (const node of outermostFirst(nodes, moving)) {
    const after = derivativeAt(algebra, node, moving, open);
    expectHolds(algebra, after, derivatives.get(node)!, derivatives);
    steps.push(step(ruleOf(node, variable, moving), held(node), after));
  }
  const raw = derivatives.get(own)!;
  const simplification = simplifySteps(raw);
  if (steps.length === 0) steps.push(step(own === variable ? 'd x/dx = 1' : 'constant', held(own), raw));
  const rewritten = simplification.steps.map(({ rule, before, after }) => step(rule, before, after));
  return {
    result: simplification.result,
    conditions: simplification.conditions,
    steps: [...steps, ...rewritten],
  };
}

const step = (rule: string, before: Expr, after: Expr): Explanation => ({
  rule,
  before,
  after,
  tex: `${toTex(before)} = ${toTex(after)}`,
});

/** The moving operations, each before its arguments. */
const outermostFirst = (nodes: readonly Expr[], moving: ReadonlySet<Expr>): Expr[] =>
  nodes.filter((node) => node.kind !== 'sym' && moving.has(node) && !isCondition(node)).reverse();

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

/** Fills in the open derivatives and compares with what the engine found in one go. */
function expectHolds(
  algebra: Algebra,
  after: Expr,
  derivative: Expr,
  derivatives: ReadonlyMap<Expr, Expr>,
): void {
  const [filled] = memoise<Expr>([after], (node, resultOf) => {
    if (node.kind === 'call' && node.name === HELD_DERIVATIVE) return derivatives.get(node.args[0]!)!;
    return algebra.rebuild(node, node.args.map(resultOf));
  });
  if (filled !== derivative && equal(filled!, derivative).verdict === 'refuted') {
    throw new DerivationError(`The step to ${after} does not hold: the derivative is ${derivative}`);
  }
}
