// What is not elementwise: calls whose last arguments are sizes, those of the operand, or along a chain of factors.

import type { Call, Expr } from '../node.ts';
import { SCALAR, type Shape, type Size } from './shape.ts';

interface Structure {
  readonly doc: string;
  /** The shape of the value by the shape of the operand. */
  readonly shape: (operand: Shape) => Shape;
  readonly tex: string;
  readonly numpy: string;
  /** Code on @leibniz/tensor. */
  readonly tensor: string;
}

const scalar = () => SCALAR;
const same = (operand: Shape) => operand;
const row = ({ cols }: Shape): Shape => ({ rows: 1, cols });
const column = ({ rows }: Shape): Shape => ({ rows, cols: 1 });

/** Every structure; the rules of differentiation and the values are tables over the same names. */
export const STRUCTURES = {
  matmul: {
    doc: 'The product of matrices.',
    shape: same,
    tex: '',
    numpy: '#1 @ #2',
    tensor: 'matmul({#1}, {#2})',
  },
  transpose: {
    doc: 'Rows and columns exchanged.',
    shape: ({ rows, cols }) => ({ rows: cols, cols: rows }),
    tex: '#1^{\\top}',
    numpy: '#1.T',
    tensor: 'transpose({#1})',
  },
  sum: {
    doc: 'The sum of all elements.',
    shape: scalar,
    tex: '\\operatorname{sum}\\left({#1}\\right)',
    numpy: 'np.sum({#1})',
    tensor: 'sum({#1})',
  },
  sum0: {
    doc: 'The sums down the rows: a row.',
    shape: row,
    tex: '\\mathbf{1}^{\\top} #1',
    numpy: 'np.sum({#1}, axis=0, keepdims=True)',
    tensor: 'sum({#1}, 0, { keepdims: true })',
  },
  sum1: {
    doc: 'The sums along the columns: a column.',
    shape: column,
    tex: '#1 \\mathbf{1}',
    numpy: 'np.sum({#1}, axis=1, keepdims=True)',
    tensor: 'sum({#1}, 1, { keepdims: true })',
  },
  trace: {
    doc: 'The sum of the diagonal.',
    shape: scalar,
    tex: '\\operatorname{tr}\\left({#1}\\right)',
    numpy: 'np.trace({#1})',
    tensor: 'trace({#1})',
  },
  inv: {
    doc: 'The inverse.',
    shape: same,
    tex: '#1^{-1}',
    numpy: 'np.linalg.inv({#1})',
    tensor: 'inverse({#1})',
  },
  det: {
    doc: 'The determinant.',
    shape: scalar,
    tex: '\\det\\left({#1}\\right)',
    numpy: 'np.linalg.det({#1})',
    tensor: 'det({#1})',
  },
  logdet: {
    doc: 'The logarithm of the determinant, where that is positive.',
    shape: scalar,
    tex: '\\log\\det\\left({#1}\\right)',
    numpy: 'np.log(np.linalg.det({#1}))',
    tensor: 'log(det({#1}))',
  },
  diag: {
    doc: 'The square matrix with a column on its diagonal.',
    shape: ({ rows }) => ({ rows, cols: rows }),
    tex: '\\operatorname{diag}\\left({#1}\\right)',
    numpy: 'np.diagflat({#1})',
    tensor: 'mul({#1}, eye({#1}.shape[0]))',
  },
  diagonal: {
    doc: 'The diagonal of a square matrix, as a column.',
    shape: column,
    tex: '\\operatorname{diag}\\left({#1}\\right)',
    numpy: 'np.diag({#1})[:, None]',
    tensor: 'sum(mul({#1}, eye({#1}.shape[0])), 1, { keepdims: true })',
  },
  norm: {
    doc: 'The square root of the sum of squares.',
    shape: scalar,
    tex: '\\left\\lVert {#1} \\right\\rVert',
    numpy: 'np.linalg.norm({#1})',
    tensor: 'sqrt(sum(square({#1})))',
  },
  softmax0: {
    doc: 'exp of each element over the sum of these down the rows.',
    shape: same,
    tex: '\\operatorname{softmax}_0\\left({#1}\\right)',
    numpy: 'softmax({#1}, axis=0)',
    tensor: 'softmax({#1}, 0)',
  },
  softmax1: {
    doc: 'exp of each element over the sum of these along the columns.',
    shape: same,
    tex: '\\operatorname{softmax}\\left({#1}\\right)',
    numpy: 'softmax({#1}, axis=1)',
    tensor: 'softmax({#1}, 1)',
  },
  logSumExp0: {
    doc: 'The logarithm of the sum of exp down the rows.',
    shape: row,
    tex: '\\operatorname{lse}_0\\left({#1}\\right)',
    numpy: 'logsumexp({#1}, axis=0)',
    tensor: 'logSumExp({#1}, 0, { keepdims: true })',
  },
  logSumExp1: {
    doc: 'The logarithm of the sum of exp along the columns.',
    shape: column,
    tex: '\\operatorname{lse}\\left({#1}\\right)',
    numpy: 'logsumexp({#1}, axis=1)',
    tensor: 'logSumExp({#1}, 1, { keepdims: true })',
  },
  eye: {
    doc: 'The identity.',
    shape: same,
    tex: 'I',
    numpy: 'np.eye({#1})',
    tensor: 'eye({#1})',
  },
} as const satisfies Readonly<Record<string, Structure>>;

export type StructureName = keyof typeof STRUCTURES;

export type StructureNode = Call & { readonly name: StructureName };

export const isStructure = (node: Expr): node is StructureNode =>
  node.kind === 'call' && Object.hasOwn(STRUCTURES, node.name);

/** The operands of a structure, without the sizes. */
export function operandsOf({ name, args }: StructureNode): readonly Expr[] {
  if (name === 'eye') return [];
  return name === 'matmul' ? args.slice(0, (args.length - 1) / 2) : args.slice(0, 1);
}

/** The size that an expression stands for. */
export const sizeOf = (e: Expr): Size =>
  e.kind === 'num' ? e.value.toNumber() : (e as { name: string }).name;

export function shapeOf({ name, args }: StructureNode): Shape {
  const sizes = args.slice(operandsOf({ name, args } as StructureNode).length).map(sizeOf);
  const [rows, cols] = name === 'matmul' ? [sizes[0]!, sizes.at(-1)!] : [sizes[0]!, sizes[1] ?? sizes[0]!];
  return STRUCTURES[name].shape({ rows, cols });
}
