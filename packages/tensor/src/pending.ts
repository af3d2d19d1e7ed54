// Gradients that are products may wait: what is done to them next is often a formula of each element, as that of an
// activation, which the kernel of the product can do on the way. It spares writing the product, and reading it again.

import type { Epilogue } from '@leibniz/kernels';
import type { Data } from './dtype.ts';

/** A product that nobody has asked for so far. */
export class Pending {
  /** The elements of the product, or what a formula makes of them. */
  readonly compute: (epilogue?: Epilogue) => Data;
  /** Lets go of the operands, which stay as they are until then. */
  readonly end: () => void;

  constructor(compute: (epilogue?: Epilogue) => Data, end: () => void) {
    this.compute = compute;
    this.end = end;
  }
}

let allowed = false;

/** Whether the gradient that is being computed may be left pending: who asked for it sees to its end. */
export const mayWait = (): boolean => allowed;

/** Runs a function that makes a gradient, which may be pending. */
export function allowingToWait<R>(isAllowed: boolean, run: () => R): R {
  const before = allowed;
  allowed = isAllowed;
  try {
    return run();
  } finally {
    allowed = before;
  }
}
