import { astypeOp } from './astype.ts';
import { concatOp } from './concat.ts';
import { gatherOp, scatterOp, takeOp } from './gather.ts';
import { matmulOp } from './matmul.ts';
import { broadcastToOp, permuteDimsOp, reshapeOp } from './movement.ts';
import { maxOp, minOp, sumOp } from './reduction.ts';
import { sliceOp } from './slice.ts';

/** The table of structural operations: the tests loop over it. All others are composed of these. */
export const structural = [
  reshapeOp,
  permuteDimsOp,
  broadcastToOp,
  sliceOp,
  gatherOp,
  scatterOp,
  takeOp,
  concatOp,
  astypeOp,
  sumOp,
  maxOp,
  minOp,
  matmulOp,
] as const;
