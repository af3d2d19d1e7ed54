// The functions that have vector code, by precision: those of float64 are right to 2 ulp there, too.

import { acos, asin, atan, cos, sin, tan } from './angles.ts';
import { type Doubles, exp, log, type Precision } from './elementary.ts';
import { erf, erfc } from './errorFunction.ts';
import {
  acosh,
  asinh,
  atanh,
  cbrt,
  cosh,
  exp2,
  expm1,
  log1p,
  log2,
  log10,
  sinh,
  tanh,
} from './exponentials.ts';

/** A function of doubles, on as many terms as the precision asks for. */
export type VectorFunction = <T, C>($: Doubles<T, C>, x: T, precision: Precision) => T;

const accurate: Readonly<Record<string, VectorFunction>> = { exp, log, expm1, log1p, sin, cos, tan, tanh };

/** The functions of float32 that are right in float32 arithmetic, too, to 1 ulp, which is twice as fast or more. */
export const inSingles: ReadonlySet<string> = new Set(['exp']);

export const functions: Readonly<Record<Precision, Readonly<Record<string, VectorFunction>>>> = {
  float64: accurate,
  float32: {
    ...accurate,
    ...{ exp2, log2, log10, cbrt, sinh, cosh, asinh, acosh, atanh },
    ...{ asin, acos, atan, erf, erfc },
  },
};
