// The marks of matrix formulas: the language that `parseMatrix` reads, and TeX.

import { grouped, type Piece } from '../layout.ts';
import { LEVEL } from '../precedence.ts';
import { style as scalarTex } from '../tex.ts';
import { plain as scalarPlain } from '../text.ts';
import type { MatrixStyle } from './layout.ts';
import type { Shape } from './shape.ts';
import { STRUCTURES } from './structures.ts';

const atom = (text: string): Piece => ({ text, level: LEVEL.atom, degree: 0 });
const isVector = ({ rows, cols }: Shape) => rows === 1 || cols === 1;
const sizes = ({ rows, cols }: Shape) => (cols === 1 ? `${rows}` : `${rows}, ${cols}`);

export const plain: MatrixStyle = {
  ...scalarPlain,
  hadamard: (factors) => factors.join(' .* '),
  quotient: (above, below) => `${above} ./ ${below}`,
  elementPower: (base, exponent) => `${base}.^${grouped(plain, exponent, LEVEL.atom)}`,
  matmul: (factors) => factors.join('*'),
  structure: (name, operand, shape) => {
    if (name === 'transpose') return atom(`${grouped(plain, operand, LEVEL.atom)}'`);
    if (name === 'norm') return atom(`${isVector(shape) ? 'norm2' : 'normF'}(${operand.text})`);
    const [, stem, axis] = /^(\w+?)([01]?)$/.exec(name)!;
    const isUsual = axis === '' || (stem !== 'sum' && axis === (shape.cols === 1 ? '0' : '1'));
    return atom(`${stem === 'diagonal' ? 'diag' : stem}(${operand.text}${isUsual ? '' : `, ${axis}`})`);
  },
  eye: (size) => atom(`eye(${size})`),
  ones: (shape) => `ones(${sizes(shape)})`,
  zeros: (shape) => `zeros(${sizes(shape)})`,
};

export const tex: MatrixStyle = {
  ...scalarTex,
  hadamard: (factors) => factors.join(' \\odot '),
  quotient: (above, below) => `${above} \\oslash ${below}`,
  elementPower: (base, exponent) => `${base}^{\\odot ${exponent.text}}`,
  matmul: (factors) => factors.join(' '),
  structure: (name, operand, shape) => {
    const template = STRUCTURES[name].tex;
    const group = grouped(tex, operand, LEVEL.atom);
    const text = template.replace(/\{#1\}|#1/, (mark) => (mark === '#1' ? group : operand.text));
    const subscript = name === 'norm' ? (isVector(shape) ? '_2' : '_F') : '';
    const isProduct = name === 'sum0' || name === 'sum1';
    const level = isProduct ? LEVEL.product : template.includes('^{') ? LEVEL.power : LEVEL.atom;
    return { text: text + subscript, level, degree: 0 };
  },
  eye: () => atom('I'),
  inverseTranspose: (operand) => {
    const text = `${grouped(tex, operand, LEVEL.atom)}^{-\\top}`;
    return { text, level: LEVEL.power, degree: 0 };
  },
  ones: ({ rows, cols }) => `\\mathbf{1}_{${rows} \\times ${cols}}`,
  zeros: ({ rows, cols }) => `\\mathbf{0}_{${rows} \\times ${cols}}`,
};
