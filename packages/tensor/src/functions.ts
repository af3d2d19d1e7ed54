import { type BinaryName, ops, type UnaryName } from '@leibniz/ops';
import type { BinaryFunction, UnaryFunction } from './comparison.ts';
import { dtypes } from './dtype.ts';
import { binary, unary } from './elementwise.ts';
import { integerFunctions } from './integer.ts';
import type { Operand, PairName, Tensor } from './tensor.ts';

type Functions = { readonly [K in UnaryName]: UnaryFunction } & {
  readonly [K in BinaryName as PairName<K>]: BinaryFunction;
};

type Elementwise = (...operands: Operand[]) => Tensor;

const isInteger = (x: Operand) => typeof x !== 'number' && dtypes[x.dtype].kind === 'integer';

/** The function of reals, or of integers where all tensors are of these and the function has a result among them. */
function ofBoth(name: string, ofReals: Elementwise): Elementwise {
  const ofIntegers = integerFunctions[name];
  if (ofIntegers === undefined) return ofReals;
  return (...operands) => {
    const areIntegers =
      operands.some(isInteger) && operands.every((x) => typeof x === 'number' || isInteger(x));
    return areIntegers ? ofIntegers(...operands) : ofReals(...operands);
  };
}

/** A function of tensors for each operation of the table; `max` and `min` of two are `maximum` and `minimum`. */
export const functions = Object.fromEntries([
  ...(Object.keys(ops.unary) as UnaryName[]).map((name) => [name, ofBoth(name, unary(name) as Elementwise)]),
  ...(Object.keys(ops.binary) as BinaryName[]).map((name) => [
    pairName(name),
    ofBoth(name, binary(name) as Elementwise),
  ]),
]) as unknown as Functions;

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
