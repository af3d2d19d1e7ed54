// Matchers for vitest. Nothing is registered by importing them: `expect.extend(matchers)` does that.
import type {} from 'vitest';
import { type CheckOptions, checkGradient, type Gradient } from './checkGradient.ts';
import type { Point } from './finiteDifferenceGradient.ts';

/**
 * `expect(f).toHaveGradient(gradient, at, options?)` passes where `checkGradient(f, gradient, at, options).ok`.
 *
 * @example
 * import { matchers } from '@leibniz/gradcheck/vitest';
 *
 * const square = ([x]: [number]) => x ** 2;
 * matchers.toHaveGradient(square, [6], [3]).pass; // => true
 * matchers.toHaveGradient(square, [3], [3]).pass; // => false
 */
export const matchers = {
  toHaveGradient<P extends Point>(
    f: (x: P) => number,
    gradient: Gradient<P>,
    at: P,
    options?: CheckOptions,
  ): { pass: boolean; message: () => string } {
    const { ok, message } = checkGradient(f, gradient, at, options);
    return { pass: ok, message: () => message };
  },
};

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toHaveGradient: T extends (x: infer P extends Point) => number
      ? (gradient: Gradient<P>, at: P, options?: CheckOptions) => R
      : never;
  }
}
