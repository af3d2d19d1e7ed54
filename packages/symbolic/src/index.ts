export type { Assumption, Assumptions } from './assumption.ts';
export { type CodeOptions, type Target, toCode } from './code.ts';
export { type CriticalPoint, criticalPoints } from './criticalPoints.ts';
export { type CommonSubexpressions, cse } from './cse.ts';
export { diff } from './diff.ts';
export {
  type Equality,
  type EqualOptions,
  equal,
  type Verdict,
  type Witness,
} from './equal.ts';
export {
  DomainError,
  LimitError,
  ParseError,
  SymbolicError,
  UnboundSymbolError,
  UnknownFunctionError,
} from './errors.ts';
export { evaluate } from './evaluate.ts';
export { type Derivation, DerivationError, type Explanation, explain } from './explain.ts';
export { fold } from './fold.ts';
export { gradient, hessian, jacobian } from './gradient.ts';
export { type Input, toExpr } from './input.ts';
export { toMathml } from './mathml.ts';
export type { Call, Constant, Expr, Kind, Num, Power, Product, Sum, Sym } from './node.ts';
export { parse, parseWithWarnings } from './parse.ts';
export type { ParseOptions, ParseWarning } from './parser.ts';
export { parseTex } from './parseTex.ts';
export { Rational } from './rational.ts';
export { cancel, collect, expand, factor, lostConditions, together } from './rewrites.ts';
export { type Root, roots } from './roots.ts';
export {
  type Limits,
  type Simplification,
  type SimplifyOptions,
  type Step,
  simplify,
  simplifySteps,
} from './simplify.ts';
export { substitute } from './substitute.ts';
export { toTex } from './tex.ts';
export {
  type GradientVerification,
  type Verification,
  type VerifyGradientOptions,
  type VerifyOptions,
  verify,
} from './verify.ts';
export {
  type CodeComparison,
  type CodeVerification,
  type DerivativeCode,
  type Numbers,
  type VerifyCodeOptions,
  verifyCode,
} from './verifyCode.ts';
export { countNodes, variables } from './walk.ts';
