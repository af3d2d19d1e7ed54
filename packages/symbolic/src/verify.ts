import { Algebra } from './algebra.ts';
import { diff } from './diff.ts';
import { type Equality, type EqualOptions, equal } from './equal.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { simplify } from './simplify.ts';
import { memoise, postorder } from './walk.ts';

export interface VerifyOptions extends EqualOptions {
  /** The variable to differentiate by. */
  readonly wrt: string;
  readonly order?: number;
}

export interface Verification extends Equality {
  /** The true derivative, simplified. */
  readonly derivative: Expr;
  /** claim - derivative, simplified. */
  readonly difference: Expr;
  /** claim / derivative, simplified: by what factor the claim is off; absent where the derivative is 0. */
  readonly ratio?: Expr;
  /** One small change that mends the claim, itself proved. */
  readonly hint?: string;
}

/**
 * Whether a claimed derivative is the derivative: `proved`, `refuted` with a point, or `unknown`.
 *
 * @example
 * import { verify } from '@leibniz/symbolic';
 * const { verdict, ratio } = verify('log(x^2 + 1)', '2x/log(x^2 + 1)', { wrt: 'x' });
 * verdict; // => refuted
 * String(ratio); // => (x^2 + 1)/log(x^2 + 1)
 */
export function verify(f: Input, claim: Input, { wrt, order = 1, ...options }: VerifyOptions): Verification {
  const algebra = new Algebra();
  const [claimed, derivative] = algebra.adopt(toExpr(claim), simplify(diff(f, wrt, order))) as [Expr, Expr];
  const { $ } = algebra;
  const equality = equal(claimed, derivative, options);
  const difference = simplify($.sub(claimed, derivative));
  const isZero = derivative.kind === 'num' && derivative.value.isZero;
  const ratio = isZero ? undefined : simplify($.div(claimed, derivative));
  const hint = equality.verdict === 'refuted' ? mend(algebra, claimed, derivative, ratio) : undefined;
  return {
    ...equality,
    derivative,
    difference,
    ...(ratio && { ratio }),
    ...(hint !== undefined && { hint }),
  };
}

/** A change that makes the claim right, if one of the usual slips explains it. */
function mend(algebra: Algebra, claim: Expr, derivative: Expr, ratio: Expr | undefined): string | undefined {
  if (ratio?.kind === 'num') {
    if (ratio.value.isZero) return undefined;
    return ratio.value.p === -1n && ratio.value.isInteger
      ? 'changing the sign makes it right'
      : `dividing the claim by ${ratio} makes it right`;
  }
  for (const log of postorder([claim])) {
    if (log.kind !== 'call' || log.name !== 'log') continue;
    const inside = log.args[0]!;
    if (equal(replaced(algebra, claim, log, inside), derivative).verdict !== 'proved') continue;
    return `using ${inside} instead of ${log} makes it right`;
  }
  return undefined;
}

function replaced(algebra: Algebra, e: Expr, target: Expr, replacement: Expr): Expr {
  const [result] = memoise<Expr>([e], (node, resultOf) =>
    node === target ? replacement : algebra.rebuild(node, node.args.map(resultOf)),
  );
  return result!;
}
