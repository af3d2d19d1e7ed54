import { Algebra } from './algebra.ts';
import { diff } from './diff.ts';
import { type Equality, type EqualOptions, equalWithin, type Verdict } from './equal.ts';
import { DomainError } from './errors.ts';
import { gradient } from './gradient.ts';
import { type Input, toExpr } from './input.ts';
import { mend } from './mend.ts';
import type { Expr } from './node.ts';
import { simplify } from './simplify.ts';

export interface VerifyOptions extends EqualOptions {
  /** The variable to differentiate by. */
  readonly wrt: string;
  readonly order?: number;
}

export interface VerifyGradientOptions extends EqualOptions {
  /** The variables to differentiate by, in the order of the claims. */
  readonly wrt: readonly string[];
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

export interface GradientVerification {
  /** `proved` if every entry is, `refuted` if one is, else `unknown`. */
  readonly verdict: Verdict;
  /** One for each variable, in their order. */
  readonly partials: readonly Verification[];
}

/**
 * Whether a claimed derivative is the derivative, wherever the formula, its derivative and the claim are defined:
 * `proved`, `refuted` with a point, or `unknown`. A list of variables takes a list of claims, one for each.
 *
 * @throws DomainError when there are more or fewer claims than variables.
 * @example
 * import { verify } from '@leibniz/symbolic';
 * const { verdict, ratio } = verify('log(x^2 + 1)', '2x/log(x^2 + 1)', { wrt: 'x' });
 * verdict; // => refuted
 * String(ratio); // => (x^2 + 1)/log(x^2 + 1)
 * verify('x^2*y', ['2x*y', 'x^2'], { wrt: ['x', 'y'] }).verdict; // => proved
 */
export function verify(f: Input, claim: Input, options: VerifyOptions): Verification;
export function verify(
  f: Input,
  claims: readonly Input[],
  options: VerifyGradientOptions,
): GradientVerification;
export function verify(
  f: Input,
  claim: Input | readonly Input[],
  options: VerifyOptions | VerifyGradientOptions,
): Verification | GradientVerification {
  const { wrt } = options;
  const formula = toExpr(f);
  if (typeof wrt === 'string') {
    const { order = 1 } = options as VerifyOptions;
    return verifyDerivative(formula, toExpr(claim as Input), diff(formula, wrt, order), wrt, options);
  }
  const claims = claim as readonly Input[];
  if (!Array.isArray(claims) || claims.length !== wrt.length) {
    const count = Array.isArray(claims) ? claims.length : 'one formula';
    throw new DomainError(
      `Cannot verify a gradient by ${wrt.length} variables: found ${count} for the claims`,
    );
  }
  const partials = gradient(formula, wrt).map((partial, i) =>
    verifyDerivative(formula, toExpr(claims[i]!), partial, wrt[i]!, options),
  );
  return { verdict: worst(partials.map(({ verdict }) => verdict)), partials };
}

/** The verdict on all of several claims. */
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes('refuted') ? 'refuted' : verdicts.includes('unknown') ? 'unknown' : 'proved';

function verifyDerivative(f: Expr, claim: Expr, raw: Expr, wrt: string, options: EqualOptions): Verification {
  const algebra = new Algebra();
  const [formula, claimed, exact, derivative] = algebra.adopt(f, claim, raw, simplify(raw)) as [
    Expr,
    Expr,
    Expr,
    Expr,
  ];
  const { $ } = algebra;
  const equality = equalWithin(algebra, claimed, exact, [formula], options);
  const difference = equality.verdict === 'proved' ? algebra.zero : simplify($.sub(claimed, derivative));
  const isZero = derivative.kind === 'num' && derivative.value.isZero;
  const ratio = isZero ? undefined : simplify($.div(claimed, derivative));
  const hint =
    equality.verdict === 'refuted'
      ? mend(algebra, { formula, claim: claimed, derivative, ratio, wrt, options })
      : undefined;
  return {
    ...equality,
    derivative,
    difference,
    ...(ratio && { ratio }),
    ...(hint !== undefined && { hint }),
  };
}
