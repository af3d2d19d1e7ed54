import type { CreateOptions } from './create.ts';
import { tensor } from './create.ts';
import { ShapeError } from './errors.ts';
import { roll } from './manipulation.ts';
import { type Axes, expectAxes } from './shape.ts';
import type { Tensor } from './tensor.ts';

function expectCount(op: string, n: number): void {
  if (Number.isInteger(n) && n > 0) return;
  throw new ShapeError(
    'ERR_SHAPE_INVALID',
    `Cannot give ${n} frequencies in ${op}: their number is an integer from 1`,
  );
}

const divided = (counts: number[], n: number, spacing: number, options?: CreateOptions): Tensor =>
  tensor(
    counts.map((k) => k / (n * spacing)),
    options,
  );

/**
 * The frequencies of a discrete Fourier transform of n samples: from 0 up, then the negative ones up to 0.
 *
 * @example
 * import { fftfreq } from '@leibniz/tensor';
 * fftfreq(4).toArray(); // => [ 0, 0.25, -0.5, -0.25 ]
 */
export function fftfreq(n: number, spacing = 1, options?: CreateOptions): Tensor {
  expectCount('fftfreq', n);
  const half = Math.ceil(n / 2);
  return divided(
    Array.from({ length: n }, (_, k) => (k < half ? k : k - n)),
    n,
    spacing,
    options,
  );
}

/** The frequencies of the transform of n real samples: from 0 up. */
export function rfftfreq(n: number, spacing = 1, options?: CreateOptions): Tensor {
  expectCount('rfftfreq', n);
  return divided(
    Array.from({ length: Math.floor(n / 2) + 1 }, (_, k) => k),
    n,
    spacing,
    options,
  );
}

const shifted = (op: string, x: Tensor, axis: Axes, by: (n: number) => number): Tensor => {
  const axes = expectAxes(op, axis, x.ndim);
  return axes.length === 0
    ? x
    : roll(
        x,
        axes.map((at) => by(x.shape[at]!)),
        axes,
      );
};

/** Frequency 0 moved to the middle. */
export const fftshift = (x: Tensor, { axes }: { axes?: Axes } = {}): Tensor =>
  shifted('fftshift', x, axes, (n) => Math.floor(n / 2));

/** Frequency 0 moved back from the middle to the start. */
export const ifftshift = (x: Tensor, { axes }: { axes?: Axes } = {}): Tensor =>
  shifted('ifftshift', x, axes, (n) => -Math.floor(n / 2));
