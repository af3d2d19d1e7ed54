export {
  type CheckOptions,
  checkGradient,
  type Gradient,
  type GradientCheck,
  type GradientEntry,
  type Verdict,
} from './checkGradient.ts';
export { type DerivativeOptions, derivative, type Estimate } from './derivative.ts';
export { finiteDifferenceGradient, type Point } from './finiteDifferenceGradient.ts';
export { GradcheckError, type GradcheckErrorCode } from './GradcheckError.ts';
