// What each mistake is told, word by word: the operation, the shapes, the axis at fault, and a remedy.

import { expect, test } from 'vitest';
import * as t from './index.ts';
import { ones, type Tensor, tensor, zeros } from './index.ts';

const X: Tensor = zeros([2, 3]);
const v: Tensor = zeros([3]);

type Mistake = [name: string, code: string, message: string, act: () => unknown];

test.each<Mistake>([
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot broadcast [2, 3] and [2] in add: lengths 3 and 2 differ at axis -1; reshape one so that they agree or one of them is 1',
    () => X.add(zeros([2]) as Tensor),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot multiply matrices of shape [2, 3] and [2, 3]: inner sizes 3 and 2 must agree; transpose one with .T, or reshape it',
    () => X.matmul(X),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot multiply matrices of shape [2, 3] and []: use mul for scalars',
    () => X.matmul(tensor(1) as Tensor),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot multiply matrices of shape [2, 3] (transposed) and [2, 3] (transposed): inner sizes 2 and 3 must agree; transpose one with .T, or reshape it',
    () => X.matmul(X, { transposeA: true, transposeB: true }),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot reshape [2, 3] to [4]: it has 6 elements; one length may be -1 and is then found',
    () => X.reshape([4]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot reshape [2, 3] to [4, -1]: it has 6 elements; one length may be -1 and is then found',
    () => X.reshape([4, -1]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot reshape [1] to [-1, -1]: it has 1 elements; one length may be -1 and is then found',
    () => ones([1]).reshape([-1, -1]),
  ],
  ...[[0, 0], [0], [0, 1, 1]].map(
    (axes): Mistake => [
      'ShapeError',
      'ERR_SHAPE_AXIS',
      `Cannot permute the axes of [2, 3] to [${axes}]: each axis must be named once`,
      () => X.permuteDims(axes),
    ],
  ),
  ['ShapeError', 'ERR_SHAPE_AXIS', 'Cannot transpose [3]: it has 1 axes, and 2 are needed', () => v.T],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot broadcast [2, 3] to [2, 1]: only axes of length 1 can be repeated; put new ones in with expandDims',
    () => X.broadcastTo([2, 1]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_AXIS',
    'Cannot take axis 2 of a tensor of rank 2 in sum: axes are -2 to 1',
    () => X.sum(2),
  ],
  ...[-3, 0.5].map(
    (axis): Mistake => [
      'ShapeError',
      'ERR_SHAPE_AXIS',
      `Cannot take axis ${axis} of a tensor of rank 2 in sum: axes are -2 to 1`,
      () => X.sum(axis),
    ],
  ),
  [
    'ShapeError',
    'ERR_SHAPE_AXIS',
    'Cannot take the axes [0,-2] in sum: an axis is named twice; name each once',
    () => X.sum([0, -2]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_EMPTY',
    'Cannot take the max of [0, 2] along axis 0: it has no elements',
    () => tensor([], { shape: [0, 2] }).max(0),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_INDEX',
    'Cannot take index 5 of axis 1: its indices are -3 to 2',
    () => X.slice(0, 5),
  ],
  ...[-4, 0.5].map(
    (index): Mistake => [
      'ShapeError',
      'ERR_SHAPE_INDEX',
      `Cannot take index ${index} of axis 1: its indices are -3 to 2`,
      () => X.slice(0, index),
    ],
  ),
  ['ShapeError', 'ERR_SHAPE_INDEX', 'Cannot take index 0 of axis 0: it has none', () => zeros([0]).slice(0)],
  ...[0, 0.5].map(
    (step): Mistake => [
      'ShapeError',
      'ERR_SHAPE_INDEX',
      `Cannot slice axis 0 with step ${step}: it must be an integer other than 0`,
      () => X.slice([0, 1, step]),
    ],
  ),
  [
    'ShapeError',
    'ERR_SHAPE_INDEX',
    'Cannot slice axis 0 at 0.5: bounds are integers, or null for the end of the axis',
    () => X.slice([0.5]),
  ],
  ['ShapeError', 'ERR_SHAPE_AXIS', 'Cannot slice 3 axes of [2, 3]: it has 2', () => X.slice(0, 0, 0)],
  [
    'ShapeError',
    'ERR_SHAPE_INDEX',
    'Cannot take index 2 in take: indices are integers from 0 to 1',
    () => t.take(X, [0, 2]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot take [2, 2] along axis 0 of [2, 3]: the other axes must agree; broadcast the indices with broadcastTo',
    () => t.takeAlongAxis(X, zeros([2, 2], { dtype: 'int32' }), 0),
  ],
  [
    'DTypeError',
    'ERR_DTYPE',
    'Cannot use float32 as indices in take: they must be int32 or uint8',
    () => t.take(X, tensor([0])),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot join [2, 3] and [3, 2] along axis 0: the other axes must agree, but axis 1 has lengths 3 and 2; slice or pad one',
    () => t.concat([X, X.T] as Tensor[]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot join [2, 3] and [3] along axis 0: the other axes must agree, but the ranks are 2 and 1; use expandDims',
    () => t.concat([X, v]),
  ],
  ['ShapeError', 'ERR_SHAPE_EMPTY', 'Cannot join no tensors: at least one is needed', () => t.concat([])],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot squeeze axis 0 of [2, 3]: its length is 2, not 1; take an index with slice',
    () => t.squeeze(X, 0),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_AXIS',
    'Cannot move the axes [0,1] of [2, 3] to [0]: each must be named once, in both lists',
    () => t.moveaxis(X, [0, 1], [0]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot pad [2, 3] by [[1,1]]: give [before, behind] for each of its 2 axes, from 0',
    () => t.pad(X, [[1, 1]]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot pad [2, 3] by [[-1,0],[0,0]]: give [before, behind] for each of its 2 axes, from 0',
    () =>
      t.pad(X, [
        [-1, 0],
        [0, 0],
      ]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot roll 2 axes by 3 shifts: give one, or one for each axis',
    () => t.roll(X, [1, 2, 3], [0, 1]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_AXIS',
    'Cannot take [3] as a matrix in diagonal: at least 2 axes are needed',
    () => t.diagonal(v),
  ],
  ['ShapeError', 'ERR_SHAPE_EMPTY', 'Cannot join no tensors: at least one is needed', () => t.stack([])],
  [
    'ShapeError',
    'ERR_SHAPE_INVALID',
    'Cannot tile [2, 3] by [-1]: repetitions are integers from 0',
    () => t.tile(X, [-1]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot repeat the 2 elements along axis 0 of [2, 3] by [1,2,3]: give one count, or one for each, from 0',
    () => t.repeat(X, [1, 2, 3], 0),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot index axes 0 to 0 of [2, 3] by a mask of [3]: the lengths must agree',
    () => t.at(X, tensor([true, false, true])),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_AXIS',
    "Cannot index 0 axes of [2, 3] with more than one '...': it has 2",
    () => t.at(X, '...', '...'),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    "Cannot apply einsum 'ij,jk->ik': 'j' has the lengths 3 and 2, in operands of [2, 3] and [2, 3]; name different axes differently",
    () => t.einsum('ij,jk->ik', X, X),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    "Cannot apply einsum 'ij->k': the result names 'k', which no operand has",
    () => t.einsum('ij->k', X),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    "Cannot apply einsum 'ijk->i': 'ijk' does not name the 2 axes of [2, 3]",
    () => t.einsum('ijk->i', X),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot sum axes [1] of [2, 3] with [0] of [2, 3] in tensordot: their lengths must agree; name others by { axes }',
    () => t.tensordot(X, X, { axes: 1 }),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot multiply the vectors along axis -1 of [2, 3] and [2] in vecdot: their lengths must agree; name another by { axis }',
    () => t.vecdot(X, zeros([2])),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot take cross of [2] and [2] along axis -1: vectors of length 3 are needed, not 2',
    () => t.cross(zeros([2]), zeros([2])),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_AXIS',
    'Cannot take outer of [2, 3] and [3]: both must be vectors; reshape them, or use einsum',
    () => t.outer(X, v),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot take inverse of matrices of [2, 3]: rows 2 and columns 3 must be equally many',
    () => t.linalg.inv(X),
  ],
  [
    'LinalgError',
    'ERR_LINALG_SINGULAR',
    'Cannot solve a system of 2 equations: its matrix is singular (pivot 0 is 0); use pinv for the least squares',
    () => t.linalg.inv(zeros([2, 2])),
  ],
  [
    'LinalgError',
    'ERR_LINALG_NOT_POSITIVE_DEFINITE',
    'Cannot take cholesky of a 2 × 2 matrix: it is not positive definite (pivot 0 is 0); add a multiple of the unit matrix',
    () => t.cholesky(zeros([2, 2])),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot solve a x = b for a of [2, 2] and b of [3]: b must have 2 rows',
    () => t.solve(zeros([2, 2]), v),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_AXIS',
    'Cannot apply conv2d to [2, 3]: images are of shape [samples, channels, rows, columns]',
    () => t.conv2d(X, X),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot convolve [1, 3, 5, 5] with kernels of [2, 2, 3, 3] in conv2d, groups being 1: axis 1 of the kernels must be 3, and axis 0 a multiple of 1',
    () => t.conv2d(zeros([1, 3, 5, 5]), zeros([2, 2, 3, 3])),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot slide windows of 3 (stride 3, dilation 1) along axis 2 of [1, 1, 2, 2]: they must fit its length 2; pad it first',
    () => t.maxPool2d(zeros([1, 1, 2, 2]), 3),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_AXIS',
    'Cannot take the cumulativeSum of [2, 3]: it has 2 axes; name one by { axis }',
    () => t.cumulativeSum(X),
  ],
  [
    'DTypeError',
    'ERR_DTYPE',
    "Cannot apply add to float32 and int32: kinds do not mix; convert one with .astype('float32')",
    () => X.add(zeros([2, 3], { dtype: 'int32' }) as Tensor),
  ],
  [
    'DTypeError',
    'ERR_DTYPE',
    "Cannot apply exp to int32: it is defined for float32 and float64; convert with .astype('float32')",
    () => zeros([2], { dtype: 'int32' }).exp(),
  ],
  [
    'DTypeError',
    'ERR_DTYPE',
    "Cannot apply bitwiseAnd to float32: it is defined for int32, uint8, bool; convert with .astype('int32')",
    () => t.bitwiseAnd(X, X),
  ],
  [
    'DTypeError',
    'ERR_DTYPE',
    "Cannot apply logicalNot to float32: it is defined for bool; convert with .astype('bool')",
    () => t.logicalNot(X),
  ],
  [
    'DTypeError',
    'ERR_DTYPE',
    "Cannot apply add to int32 and 0.5: the type does not hold it; convert the tensor with .astype('float64')",
    () => X.astype('int32').add(0.5),
  ],
  [
    'DTypeError',
    'ERR_DTYPE',
    "Cannot choose by a condition of float32: it must be bool; compare, or convert with .astype('bool')",
    () => t.where(X, 1, 0),
  ],
  [
    'ArithmeticError',
    'ERR_ARITHMETIC',
    "Cannot divide 1 by 0 in integers: convert with .astype('float64')",
    () => t.floorDivide(tensor([1], { dtype: 'int32' }), 0),
  ],
  [
    'GradientError',
    'ERR_GRADIENT_NOT_RECORDED',
    'Cannot take gradients of a tensor that depends on none with requiresGrad: create a leaf with { requiresGrad: true }, outside of noGrad',
    () => X.backward(),
  ],
  [
    'GradientError',
    'ERR_GRADIENT_NOT_SCALAR',
    'Cannot take gradients of a tensor of shape [2]: reduce it to one number, for example by .sum()',
    () => tensor([1, 2], { requiresGrad: true }).square().backward(),
  ],
  [
    'TransformError',
    'ERR_TRANSFORM_ARGUMENT',
    'Cannot move 1 arguments along 0 tangents in jvp: each needs one',
    () => t.jvp((x) => x!, [X], []),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot move argument 0, float32 [2, 3], along float32 [3] in jvp: both must be floating-point tensors of one shape and type',
    () => t.jvp((x) => x!, [X], [v]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_AXIS',
    'Cannot take axis 0 of a tensor of rank 0 in vmap: it has no axes',
    () => t.vmap((x: Tensor) => x)(tensor(1)),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot map over batches of 2 and 3 in vmap, of [2, 3] and [3]: they must be as long',
    () => t.vmap((x: Tensor, y: Tensor) => x.add(y))(X, v),
  ],
  [
    'TransformError',
    'ERR_TRANSFORM_VALUE',
    'Cannot read elements inside vmap: they are known only outside; choose by where() instead',
    () => t.vmap((x: Tensor) => tensor(x.item()))(v),
  ],
  [
    'DTypeError',
    'ERR_DTYPE',
    "Cannot apply grad to int32: it is defined for float32 and float64; convert with .astype('float32')",
    () => t.grad((x: Tensor) => x.astype('float32').sum())(tensor([1], { dtype: 'int32' })),
  ],
  [
    'DTypeError',
    'ERR_DTYPE',
    'Cannot differentiate by argument 0: it is not a tensor, nor an array or object of tensors',
    () => t.grad((x: number) => tensor(x))(1),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot take the cross-entropy of 1 labels for samples of shape [2]: one label a sample is needed',
    () => t.crossEntropy(X, [0]),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot make a tensor of ragged rows: at axis 1 one has length 2, another 1',
    () => tensor([[1, 2], [3]]),
  ],
  ...[[-1], [1.5], [2 ** 30, 2 ** 30]].map(
    (shape): Mistake => [
      'ShapeError',
      'ERR_SHAPE_INVALID',
      `Cannot make a tensor of shape [${shape.join(', ')}]: lengths are integers from 0`,
      () => ones(shape),
    ],
  ),
  [
    'DTypeError',
    'ERR_DTYPE',
    'Cannot require a gradient by a tensor of int32: only float32 and float64 have gradients',
    () => zeros([2], { dtype: 'int32', requiresGrad: true }),
  ],
  [
    'ShapeError',
    'ERR_SHAPE_MISMATCH',
    'Cannot take the item of a tensor of shape [3]: it has 3 elements, not 1',
    () => v.item(),
  ],
])('%s %s: %s', (name, code, message, act) => {
  expect(act).toThrow(expect.objectContaining({ name, code, message }));
});
