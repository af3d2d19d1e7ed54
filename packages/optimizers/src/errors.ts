type OptimizerErrorCode = 'ERR_OPTIMIZER_PARAMETER' | 'ERR_OPTIMIZER_OPTION' | 'ERR_OPTIMIZER_STATE';

/** Thrown where an optimizer is given parameters, options or a state that it cannot work with. */
export class OptimizerError extends TypeError {
  override readonly name = 'OptimizerError';
  readonly code: OptimizerErrorCode;
  constructor(code: OptimizerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Refuses an option outside of its range. */
export function expectOption(name: string, value: number, isValid: boolean, right: string): void {
  if (isValid) return;
  throw new OptimizerError(
    'ERR_OPTIMIZER_OPTION',
    `Cannot optimize with ${name} = ${value}: it must be ${right}`,
  );
}
