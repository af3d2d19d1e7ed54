import { argmaxOp, argminOp } from './argmax.ts';
import { astypeOp } from './astype.ts';
import { bitwiseOps } from './bitwise.ts';
import { comparisonOps } from './comparison.ts';
import { concatOp } from './concat.ts';
import { cumulativeSumOp } from './cumulative.ts';
import { formulaOp } from './elementwise.ts';
import { gatherOp, scatterAddOp } from './gather.ts';
import { integerOps } from './integer.ts';
import { choleskyOp } from './linalg/cholesky.ts';
import { cofactorsOp, detOp, logAbsDetOp, signDetOp } from './linalg/determinant.ts';
import { eighOp } from './linalg/eigh.ts';
import { pinvOp } from './linalg/pinv.ts';
import { qrOp } from './linalg/qr.ts';
import { solveOp } from './linalg/solve.ts';
import { completionOp, svdOp } from './linalg/svd.ts';
import { linearOp } from './linear.ts';
import { logicOps } from './logic.ts';
import { matmulOp } from './matmul.ts';
import { broadcastToOp, permuteDimsOp, reshapeOp } from './movement.ts';
import { numericOps } from './numeric.ts';
import type { Op } from './op.ts';
import { maxOp, minOp, sumOp } from './reduction.ts';
import { rowOp } from './rowwise.ts';
import { embedOp, sliceOp } from './slice.ts';
import { argsortOp } from './sort.ts';
import { overlapOp, windowsOp } from './windows.ts';

/** The table of primitives: the tests loop over it. All other operations are composed of these. */
export const primitives = [
  formulaOp,
  rowOp,
  reshapeOp,
  permuteDimsOp,
  broadcastToOp,
  sliceOp,
  embedOp,
  gatherOp,
  scatterAddOp,
  concatOp,
  astypeOp,
  sumOp,
  maxOp,
  minOp,
  argmaxOp,
  argminOp,
  argsortOp,
  cumulativeSumOp,
  windowsOp,
  overlapOp,
  matmulOp,
  linearOp,
  solveOp,
  choleskyOp,
  qrOp,
  eighOp,
  svdOp,
  completionOp,
  pinvOp,
  detOp,
  cofactorsOp,
  logAbsDetOp,
  signDetOp,
  ...comparisonOps,
  ...integerOps,
  ...numericOps,
  ...bitwiseOps,
  ...logicOps,
] as unknown as readonly Op<unknown>[];
