export { type CodeOptions, type Target, toCode } from './code.ts';
export { diff } from './diff.ts';
export {
  type Assumption,
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
export { fold } from './fold.ts';
export { gradient, hessian, jacobian } from './gradient.ts';
export { type Input, toExpr } from './input.ts';
export { toMathml } from './mathml.ts';
export type { Call, Constant, Expr, Kind, Num, Power, Product, Sum, Sym } from './node.ts';
export { parse, parseWithWarnings } from './parse.ts';
export type { ParseOptions, ParseWarning } from './parser.ts';
export { parseTex } from './parseTex.ts';
export { Rational } from './rational.ts';
export { type Simplification, type SimplifyOptions, type Step, simplify, simplifySteps } from './simplify.ts';
export { substitute } from './substitute.ts';
export { toTex } from './tex.ts';
export { type Verification, type VerifyOptions, verify } from './verify.ts';
export { countNodes, variables } from './walk.ts';
