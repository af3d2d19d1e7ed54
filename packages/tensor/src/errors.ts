type ShapeErrorCode =
  | 'ERR_SHAPE_MISMATCH'
  | 'ERR_SHAPE_AXIS'
  | 'ERR_SHAPE_INDEX'
  | 'ERR_SHAPE_EMPTY'
  | 'ERR_SHAPE_INVALID';

/** Thrown where shapes, axes or indices do not fit what was asked for. */
export class ShapeError extends RangeError {
  override readonly name = 'ShapeError';
  readonly code: ShapeErrorCode;
  constructor(code: ShapeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Thrown where an operation is not defined for the element types it is given. */
export class DTypeError extends TypeError {
  override readonly name = 'DTypeError';
  readonly code = 'ERR_DTYPE';
}

type GradientErrorCode =
  | 'ERR_GRADIENT_NOT_RECORDED'
  | 'ERR_GRADIENT_FREED'
  | 'ERR_GRADIENT_NOT_SCALAR'
  | 'ERR_GRADIENT_NOT_LEAF'
  | 'ERR_GRADIENT_ASYNC';

/** Thrown where a gradient is asked for that the record cannot give, or where a mutation would falsify one. */
export class GradientError extends Error {
  override readonly name = 'GradientError';
  readonly code: GradientErrorCode;
  constructor(code: GradientErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Thrown where the bytes of a checkpoint are not what its format demands. */
export class CheckpointFormatError extends Error {
  override readonly name = 'CheckpointFormatError';
  readonly code = 'ERR_CHECKPOINT_FORMAT';
}
