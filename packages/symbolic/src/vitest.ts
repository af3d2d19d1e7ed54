// Matchers for vitest. Nothing is registered by importing them: `expect.extend(matchers)` does that.
import type {} from 'vitest';
import type { Input } from './input.ts';
import {
  type GradientVerification,
  type Verification,
  type VerifyGradientOptions,
  type VerifyOptions,
  verify,
} from './verify.ts';
import {
  type CodeVerification,
  type DerivativeCode,
  type Numbers,
  type VerifyCodeOptions,
  verifyCode,
} from './verifyCode.ts';

/** A derivative as a formula or as code, or a gradient as formulas or as code over an array. */
interface ToHaveDerivative<R> {
  (
    claim: Input | ((x: number) => number),
    options: VerifyOptions | (VerifyCodeOptions & { readonly wrt: string }),
  ): R;
  (
    claims: readonly Input[] | ((x: Float64Array) => Numbers),
    options: VerifyGradientOptions | (VerifyCodeOptions & { readonly wrt: readonly string[] }),
  ): R;
}

type Claimed = Input | readonly Input[] | DerivativeCode;
type Options = VerifyOptions | VerifyGradientOptions | VerifyCodeOptions;

/**
 * `expect(f).toHaveDerivative(claim, options)` passes where `verify(f, claim, options)` proves the claim, or where
 * `verifyCode(f, claim, options)` finds that a claim given as code agrees.
 *
 * @example
 * import { matchers } from '@leibniz/symbolic/vitest';
 * matchers.toHaveDerivative('x^2', '2x', { wrt: 'x' }).pass; // => true
 * matchers.toHaveDerivative('x^2', (x: number) => 3 * x, { wrt: 'x' }).pass; // => false
 */
export const matchers = {
  toHaveDerivative(f: Input, claim: Claimed, options: Options): { pass: boolean; message: () => string } {
    if (typeof claim === 'function') {
      const found = verifyCode(f, claim as never, options as never);
      return { pass: found.verdict === 'agrees', message: () => codeMessage(f, found) };
    }
    if (Array.isArray(claim)) {
      const found: GradientVerification = verify(
        f,
        claim as readonly Input[],
        options as VerifyGradientOptions,
      );
      const names = options.wrt as readonly string[];
      return {
        pass: found.verdict === 'proved',
        message: () => found.partials.map((partial, i) => message(f, names[i]!, partial)).join('\n'),
      };
    }
    const found = verify(f, claim as Input, options as VerifyOptions);
    return { pass: found.verdict === 'proved', message: () => message(f, options.wrt as string, found) };
  },
};

function message(f: Input, wrt: string, { verdict, derivative, witness, hint, why }: Verification): string {
  const head = `The claim on d/d${wrt}(${f}) is ${verdict}: the derivative is ${derivative}`;
  const at = witness && Object.entries(witness.at).map(([name, value]) => `${name} = ${value}`);
  const point = at
    ? `; at ${at.join(', ') || 'every point'} claimed ${witness.left}, true ${witness.right}`
    : '';
  return `${head}${verdict === 'unknown' ? ` (${why})` : point}${hint ? `; ${hint}` : ''}`;
}

function codeMessage(f: Input, { verdict, compared, worst }: CodeVerification): string {
  const { wrt, at, claimed, exact, error } = worst;
  return `The code for d/d${wrt}(${f}) ${verdict === 'agrees' ? 'agrees' : 'is refuted'} in ${compared} comparisons; worst at ${JSON.stringify(at)}: computed ${claimed}, exact ${exact}, relative error ${error.toExponential(1)}`;
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toHaveDerivative: ToHaveDerivative<R>;
  }
}
