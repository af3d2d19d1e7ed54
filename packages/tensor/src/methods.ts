// Puts the functions of a tensor on the prototype, so that x.exp() is exp(x).

import { argmax } from './argmax.ts';
import { astype } from './astype.ts';
import { backward } from './backward.ts';
import { equal, greater, greaterEqual, less, lessEqual, notEqual } from './comparison.ts';
import { functions } from './functions.ts';
import { take, takeAlongAxis } from './gather.ts';
import { matmul } from './matmul.ts';
import { broadcastTo, permuteDims, reshape, transpose } from './movement.ts';
import { max, mean, min, prod, sum } from './reduction.ts';
import { slice } from './slice.ts';
import { logSoftmax, logSumExp, softmax } from './softmax.ts';
import { stopGradient } from './stopGradient.ts';
import { type Methods, Tensor } from './tensor.ts';

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
  argmax,
  softmax,
  logSoftmax,
  matmul,
  reshape,
  permuteDims,
  transpose,
  broadcastTo,
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
