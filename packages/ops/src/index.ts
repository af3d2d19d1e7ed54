export type {
  BinaryOp,
  BinaryPartial,
  CarrierOf,
  Foundation,
  Interval,
  Notation,
  UnaryOp,
} from './define.ts';
export { type Dual, dual, NotDifferentiableError } from './dual.ts';
export { type BinaryName, type Carrier, type OpName, ops, type UnaryName } from './ops.ts';
export { bitLength, ratio } from './ratio.ts';
export { polygamma } from './special.ts';
