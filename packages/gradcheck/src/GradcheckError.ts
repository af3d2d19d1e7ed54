/** What went wrong: the stable names that programs may rely on. */
export type GradcheckErrorCode = 'ERR_GRADCHECK_LENGTH' | 'ERR_GRADCHECK_EMPTY' | 'ERR_GRADCHECK_OPTION';

/**
 * A check that cannot be carried out as it was asked for. A wrong gradient is a result, never this error.
 *
 * @example
 * import { checkGradient } from '@leibniz/gradcheck';
 *
 * checkGradient(([x, y]) => x * y, [1], [2, 3]); // throws GradcheckError: Cannot check a gradient of 1 entries
 */
export class GradcheckError extends Error {
  override readonly name = 'GradcheckError';
  readonly code: GradcheckErrorCode;

  constructor(code: GradcheckErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Refuses a step or a tolerance that would make every comparison meaningless. */
export function requireOption(name: string, value: number, isValid: boolean, right: string): void {
  if (isValid) return;
  throw new GradcheckError('ERR_GRADCHECK_OPTION', `The option ${name} must be ${right}: it is ${value}`);
}
