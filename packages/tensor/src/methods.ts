// Puts the functions of a tensor on the prototype, so that x.exp() is exp(x).

import { argmax, argmin } from './argmax.ts';
import { astype } from './astype.ts';
import { backward } from './backward.ts';
import { equal, greater, greaterEqual, less, lessEqual, notEqual } from './comparison.ts';
import { cumulativeProd, cumulativeSum } from './cumulative.ts';
import { functions } from './functions.ts';
import { take, takeAlongAxis } from './gather.ts';
import { expandDims, flip, squeeze } from './manipulation.ts';
import { matmul } from './matmul.ts';
import { broadcastTo, permuteDims, reshape, transpose } from './movement.ts';
import { clip, isfinite, isinf, isnan, round, trunc } from './numeric.ts';
import { max, mean, min, prod, sum } from './reduction.ts';
import { slice } from './slice.ts';
import { logSoftmax, logSumExp, softmax } from './softmax.ts';
import { argsort, sort } from './sort.ts';
import { all, any, std, variance } from './statistics.ts';
import { stopGradient } from './stopGradient.ts';
import { type Methods, Tensor } from './tensor.ts';
import { tril, triu } from './triangle.ts';

const methods: {
  readonly [K in keyof Methods]: (x: Tensor, ...args: Parameters<Methods[K]>) => ReturnType<Methods[K]>;
} = {
  ...functions,
  less,
  lessEqual,
  greater,
  greaterEqual,
  equal,
  notEqual,
  sum,
  mean,
  prod,
  max,
  min,
  logSumExp,
  any,
  all,
  var: variance,
  std,
  argmax,
  argmin,
  sort,
  argsort,
  cumulativeSum,
  cumulativeProd,
  round,
  trunc,
  isnan,
  isinf,
  isfinite,
  clip,
  softmax,
  logSoftmax,
  matmul,
  reshape,
  permuteDims,
  transpose,
  broadcastTo,
  expandDims,
  squeeze,
  flip,
  tril,
  triu,
  slice,
  take,
  takeAlongAxis,
  astype,
  stopGradient,
  backward,
};

for (const [name, method] of Object.entries(methods)) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...args: never[]) {
      return (method as (x: Tensor, ...args: never[]) => unknown)(this, ...args);
    },
    configurable: true,
    writable: true,
  });
}
