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
  | 'ERR_GRADIENT_ASYNC'
  | 'ERR_GRADIENT_CAPTURED'
  | 'ERR_GRADIENT_CHANGED'
  | 'ERR_GRADIENT_UNDEFINED';

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

type TransformErrorCode =
  | 'ERR_TRANSFORM_VALUE'
  | 'ERR_TRANSFORM_ESCAPED'
  | 'ERR_TRANSFORM_ARGUMENT'
  | 'ERR_TRANSFORM_UNSUPPORTED';

/** Thrown where a function under `vmap`, `jvp` and their like does what the transformation cannot follow. */
export class TransformError extends Error {
  override readonly name = 'TransformError';
  readonly code: TransformErrorCode;
  constructor(code: TransformErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Thrown where a tensor is used after its elements were given up by `dispose()`. */
export class DisposedError extends Error {
  override readonly name = 'DisposedError';
  readonly code = 'ERR_DISPOSED';
}

/** Thrown where integers have no result: a division by zero, a negative power, a negative shift. */
export class ArithmeticError extends RangeError {
  override readonly name = 'ArithmeticError';
  readonly code = 'ERR_ARITHMETIC';
}

type LinalgErrorCode =
  | 'ERR_LINALG_SINGULAR'
  | 'ERR_LINALG_NOT_POSITIVE_DEFINITE'
  | 'ERR_LINALG_NOT_FINITE'
  | 'ERR_LINALG_NO_CONVERGENCE';

/** Thrown where a matrix has not what was asked for: no inverse, no Cholesky factor. */
export class LinalgError extends Error {
  override readonly name = 'LinalgError';
  readonly code: LinalgErrorCode;
  constructor(code: LinalgErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
