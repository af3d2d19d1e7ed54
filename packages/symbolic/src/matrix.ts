export {
  MatrixCalculus,
  type MatrixDerivation,
  type MatrixExplanation,
  MatrixExpr,
  type MatrixInput,
  type MatrixVerification,
} from './matrix/calculus.ts';
export type { MatrixCodeOptions, MatrixTarget } from './matrix/code.ts';
export type { MatrixValue } from './matrix/dense.ts';
export { type Declaration, type Declarations, type Shape, ShapeError, type Size } from './matrix/shape.ts';
export type { MatrixEquality, MatrixWitness } from './matrix/verify.ts';
