// What the ways to multiply matrices have in common.

import type { Finish } from './epilogue.ts';
import type { Kernel } from './memory.ts';
import { Recent } from './recent.ts';

export interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** `a` holds its transpose: k × m instead of m × k. */
  readonly transposeA?: boolean;
  /** `b` holds its transpose: n × k instead of k × n. */
  readonly transposeB?: boolean;
}

export interface Addresses {
  readonly out: number;
  readonly a: number;
  readonly b: number;
  readonly scratch: number;
}

/** A way to multiply matrices of these sizes in parts, of which the kernel computes each. */
export interface Plan {
  /** Bytes of scratch memory that it needs. */
  readonly scratch: number;
  /** Length of the rows of the product: at least that of a tile. */
  readonly width: number;
  /** Bytes that it may read beyond `b`. */
  readonly padsB: number;
  readonly kernel: (finish: Finish) => Kernel;
  /** The arguments for each part, without those of the epilogue. */
  readonly rows: (addresses: Addresses) => readonly (readonly number[])[];
  /** Whether the product that was computed holds; absent: it does. Otherwise another plan must be followed. */
  readonly holds?: (addresses: Addresses) => boolean;
}

const compiled = new Recent<string, Readonly<Record<string, Kernel>>>(1000);

/** Kernels that were compiled before, or are now. */
export const kernelOf = <Kernels extends Readonly<Record<string, Kernel>>>(
  key: string,
  compile: () => Kernels,
): Kernels => compiled.get(key, compile) as Kernels;
