// Convolution and pooling as products and extrema of sliding windows.

import { ShapeError } from './errors.ts';
import { add } from './functions.ts';
import { einsum } from './linalg/einsum.ts';
import { pad } from './manipulation.ts';
import { reshape } from './movement.ts';
import { max, mean } from './reduction.ts';
import { show } from './shape.ts';
import type { Tensor } from './tensor.ts';
import { windows } from './windows.ts';

type Pair = number | readonly [number, number];

const both = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);

export interface ConvolutionOptions {
  readonly bias?: Tensor;
  /** From one window to the next; 1 by default, a number for both axes or [rows, columns]. */
  readonly stride?: Pair;
  /** Zeros around the image; 0 by default. */
  readonly padding?: Pair;
  /** From one element of the kernel to the next; 1 by default. */
  readonly dilation?: Pair;
  /** Groups of channels that do not mix; 1 by default. */
  readonly groups?: number;
}

function expectImages(op: string, x: Tensor): void {
  if (x.ndim === 4) return;
  throw new ShapeError(
    'ERR_SHAPE_AXIS',
    `Cannot apply ${op} to ${show(x.shape)}: images are of shape [samples, channels, rows, columns]`,
  );
}

const padded = (x: Tensor, [rows, columns]: readonly [number, number], value = 0): Tensor =>
  rows === 0 && columns === 0
    ? x
    : pad(
        x,
        [
          [0, 0],
          [0, 0],
          [rows, rows],
          [columns, columns],
        ],
        value,
      );

/** Windows over the last two axes; their rows and columns are new last axes. */
function imageWindows(
  x: Tensor,
  [height, width]: readonly [number, number],
  stride: Pair,
  dilation: Pair = 1,
): Tensor {
  const [down, right] = both(stride);
  const [farDown, farRight] = both(dilation);
  const rows = windows(x, { axis: 2, size: height, stride: down, dilation: farDown });
  return windows(rows, { axis: 3, size: width, stride: right, dilation: farRight });
}

/**
 * The cross-correlation of images [samples, channels, rows, columns] with kernels [outputs, channels, rows, columns], as
 * is usual for layers: sums of products at every place of the kernel.
 *
 * @example
 * import { conv2d, ones } from '@leibniz/tensor';
 * conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2])).reshape([2, 2]).toArray(); // => [ [ 4, 4 ], [ 4, 4 ] ]
 */
export function conv2d(
  x: Tensor,
  kernel: Tensor,
  { bias, stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvolutionOptions = {},
): Tensor {
  expectImages('conv2d', x);
  expectImages('conv2d', kernel);
  const [samples, channels] = x.shape as [number, number, number, number];
  const [outputs, taken, height, width] = kernel.shape as [number, number, number, number];
  if (channels !== taken * groups || outputs % groups !== 0) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot convolve ${show(x.shape)} with kernels of ${show(kernel.shape)} in conv2d, groups being ${groups}: axis 1 of the kernels must be ${channels / groups}, and axis 0 a multiple of ${groups}`,
    );
  }
  const seen = imageWindows(padded(x, both(padding)), [height, width], stride, dilation);
  const [rows, columns] = seen.shape.slice(2) as [number, number];
  const grouped = reshape(seen, [samples, groups, taken, rows, columns, height, width]);
  const kernels = reshape(kernel, [groups, outputs / groups, taken, height, width]);
  const y = reshape(einsum('ngcxyhw,gochw->ngoxy', grouped, kernels), [samples, outputs, rows, columns]);
  if (bias === undefined) return y;
  if (bias.ndim !== 1 || bias.size !== outputs) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot add a bias of ${show(bias.shape)} to ${outputs} outputs in conv2d: it must be of shape [${outputs}]`,
    );
  }
  return add(y, reshape(bias, [outputs, 1, 1]));
}

export interface PoolOptions {
  /** From one window to the next; the size of the window by default. */
  readonly stride?: Pair;
  readonly padding?: Pair;
}

/**
 * The largest elements of windows of images [samples, channels, rows, columns]; equal ones share the gradient.
 *
 * @example
 * import { maxPool2d, tensor } from '@leibniz/tensor';
 * maxPool2d(tensor([[[[1, 2], [3, 4]]]]), 2).item(); // => 4
 */
export function maxPool2d(x: Tensor, size: Pair, { stride = size, padding = 0 }: PoolOptions = {}): Tensor {
  expectImages('maxPool2d', x);
  return max(imageWindows(padded(x, both(padding), Number.NEGATIVE_INFINITY), both(size), stride), [-2, -1]);
}

/** The means of windows of images; zeros around the image count. */
export function avgPool2d(x: Tensor, size: Pair, { stride = size, padding = 0 }: PoolOptions = {}): Tensor {
  expectImages('avgPool2d', x);
  return mean(imageWindows(padded(x, both(padding)), both(size), stride), [-2, -1]);
}
