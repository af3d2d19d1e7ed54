import { type BinaryName, ops, type UnaryName } from '@leibniz/ops';
import { binary, type Operand, unary } from './elementwise.ts';
import type { PairName, Tensor } from './tensor.ts';

type Functions = { readonly [K in UnaryName]: (x: Operand) => Tensor } & {
  readonly [K in BinaryName as PairName<K>]: (a: Operand, b: Operand) => Tensor;
};

/** A function of tensors for each operation of the table; `max` and `min` of two are `maximum` and `minimum`. */
export const functions = Object.fromEntries([
  ...(Object.keys(ops.unary) as UnaryName[]).map((name) => [name, unary(name)]),
  ...(Object.keys(ops.binary) as BinaryName[]).map((name) => [pairName(name), binary(name)]),
]) as Functions;

function pairName(name: BinaryName): string {
  return name === 'max' || name === 'min' ? `${name}imum` : name;
}

export const {
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  ceil,
  cos,
  cosh,
  cot,
  coth,
  csc,
  csch,
  digamma,
  div,
  erf,
  erfc,
  exp,
  exp2,
  expm1,
  floor,
  gamma,
  gelu,
  hypot,
  inv,
  lgamma,
  log,
  log10,
  log1p,
  log2,
  logaddexp,
  maximum,
  minimum,
  mul,
  neg,
  polygamma,
  pow,
  relu,
  sec,
  sech,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  softplus,
  sqrt,
  square,
  sub,
  tan,
  tanh,
} = functions;
