// Sizes are numbers or names of numbers; everything has rows and columns, and a scalar has one of each.

import { SymbolicError } from '../errors.ts';

/** A number of rows or columns: known, or by name. */
export type Size = number | string;

export interface Shape {
  readonly rows: Size;
  readonly cols: Size;
}

/** Shapes that do not go together. */
export class ShapeError extends SymbolicError {
  override readonly name = 'ShapeError';
  override readonly code = 'ERR_SYMBOLIC_SHAPE';
}

export const SCALAR: Shape = { rows: 1, cols: 1 };

export const isScalar = ({ rows, cols }: Shape): boolean => rows === 1 && cols === 1;

export const sameShape = (a: Shape, b: Shape): boolean => a.rows === b.rows && a.cols === b.cols;

export const show = ({ rows, cols }: Shape): string => `${rows}×${cols}`;

/** The shape of an elementwise operation: each size agrees, or is 1 and stretched. */
export function broadcast(shapes: readonly Shape[]): Shape | undefined {
  let result = SCALAR;
  for (const { rows, cols } of shapes) {
    if (rows !== result.rows && rows !== 1 && result.rows !== 1) return undefined;
    if (cols !== result.cols && cols !== 1 && result.cols !== 1) return undefined;
    result = { rows: rows === 1 ? result.rows : rows, cols: cols === 1 ? result.cols : cols };
  }
  return result;
}

/** What is declared of a symbol: a scalar `[]`, a column `[n]`, or a matrix `[rows, columns]`. */
export type Declaration =
  | readonly Size[]
  | {
      readonly shape: readonly Size[];
      /** Equal to its transpose. */
      readonly symmetric?: boolean;
      /** In every row a single 1 among zeros: labels. */
      readonly oneHot?: boolean;
    };

export type Declarations = Readonly<Record<string, Declaration>>;

export interface Declared extends Shape {
  readonly symmetric: boolean;
  readonly oneHot: boolean;
}

const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

/** The symbols of a calculation and their shapes; the names of sizes are scalars among them. */
export class Space {
  readonly symbols: ReadonlyMap<string, Declared>;
  readonly sizes: ReadonlySet<string>;

  constructor(declarations: Declarations) {
    const entries = Object.entries(declarations).map(([name, declaration]) => [
      name,
      declared(name, declaration),
    ]) as [string, Declared][];
    this.symbols = new Map(entries);
    this.sizes = new Set(entries.flatMap(([, { rows, cols }]) => [rows, cols]).filter(isName));
    for (const size of this.sizes) {
      const shape = this.symbols.get(size);
      if (shape && !isScalar(shape)) {
        throw new ShapeError(`Cannot use ${size} as a size: it is declared with shape ${show(shape)}`);
      }
    }
  }
}

const isName = (size: Size): size is string => typeof size === 'string';

function declared(name: string, declaration: Declaration): Declared {
  if (!NAME.test(name)) throw new ShapeError(`Cannot declare "${name}": it is no name`);
  const {
    shape,
    symmetric = false,
    oneHot = false,
  } = isSizes(declaration) ? { shape: declaration } : declaration;
  const isSize = (size: Size) => (isName(size) ? NAME.test(size) : Number.isInteger(size) && size > 0);
  if (shape.length > 2 || !shape.every(isSize)) {
    throw new ShapeError(
      `Cannot give ${name} the shape [${shape.join(', ')}]: write [], [n] or [rows, columns] with whole numbers or names`,
    );
  }
  const [rows = 1, cols = 1] = shape;
  if (symmetric && rows !== cols)
    throw new ShapeError(`Cannot call ${name} symmetric: it is ${rows}×${cols}`);
  return { rows, cols, symmetric, oneHot };
}

const isSizes = (declaration: Declaration): declaration is readonly Size[] => Array.isArray(declaration);
