import { argmaxOp, argminOp } from './argmax.ts';
import { astypeOp } from './astype.ts';
import { comparisonOps } from './comparison.ts';
import { concatOp } from './concat.ts';
import { formulaOp } from './elementwise.ts';
import { gatherOp, scatterAddOp } from './gather.ts';
import { integerOps } from './integer.ts';
import { matmulOp } from './matmul.ts';
import { broadcastToOp, permuteDimsOp, reshapeOp } from './movement.ts';
import type { Op } from './op.ts';
import { maxOp, minOp, sumOp } from './reduction.ts';
import { embedOp, sliceOp } from './slice.ts';

/** The table of primitives: the tests loop over it. All other operations are composed of these. */
export const primitives = [
  formulaOp,
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
  matmulOp,
  ...comparisonOps,
  ...integerOps,
] as unknown as readonly Op<unknown>[];
