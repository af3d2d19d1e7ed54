const CODES = {
  length: 'ERR_KERNEL_LENGTH',
  dtype: 'ERR_KERNEL_DTYPE',
  overlap: 'ERR_KERNEL_OVERLAP',
  empty: 'ERR_KERNEL_EMPTY',
  formula: 'ERR_KERNEL_FORMULA',
  memory: 'ERR_KERNEL_MEMORY',
  released: 'ERR_KERNEL_RELEASED',
  thread: 'ERR_KERNEL_THREAD',
  backend: 'ERR_KERNEL_BACKEND',
  relaxed: 'ERR_KERNEL_RELAXED',
} as const;

/** Thrown where a kernel is called with arrays or a formula that do not fit it. */
export class KernelError extends RangeError {
  override readonly name = 'KernelError';
  readonly code: (typeof CODES)[keyof typeof CODES];
  constructor(kind: keyof typeof CODES, message: string) {
    super(message);
    this.code = CODES[kind];
  }
}
