/** What was asked for cannot be done as asked. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'ERR_TRAINER_USAGE';
}

/** The loss is no longer a number; `step` is the first at which it was not. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
  readonly code = 'ERR_TRAINER_DIVERGED';
  readonly step: number;

  constructor(step: number, loss: number, lr: number) {
    super(
      `The loss is ${loss} at step ${step}: try a smaller learning rate than ${lr}, such as ${Number((lr / 10).toPrecision(3))}`,
    );
    this.step = step;
  }
}
