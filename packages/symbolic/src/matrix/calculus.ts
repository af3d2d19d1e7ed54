import { ops } from '@leibniz/ops';
import { Algebra } from '../algebra.ts';
import { visible } from '../errors.ts';
import type { Expr } from '../node.ts';
import { type MatrixCodeOptions, matrixCode } from './code.ts';
import { boundValues, countOf, evaluateMatrix, type MatrixValue, rowsOf, stretch } from './dense.ts';
import { writeMatrix } from './layout.ts';
import { Matrices, type Matrix } from './matrices.ts';
import { mends } from './mend.ts';
import { parseMatrix } from './parse.ts';
import { reverse } from './reverse.ts';
import { type Declarations, type Shape, ShapeError, Space, sameShape, show } from './shape.ts';
import { isStructure } from './structures.ts';
import { plain, tex } from './styles.ts';
import { rebuilt, tidy } from './tidy.ts';
import { equalMatrices, type MatrixEquality, proveEqual } from './verify.ts';

/** A formula of scalars, vectors and matrices; its text is what `parse` of the same calculus reads. */
export class MatrixExpr implements Shape {
  readonly expr: Expr;
  readonly rows: Shape['rows'];
  readonly cols: Shape['cols'];
  readonly space: Space;

  constructor({ e, rows, cols }: Matrix, space: Space) {
    this.expr = e;
    this.rows = rows;
    this.cols = cols;
    this.space = space;
  }

  toString(): string {
    return writeMatrix(new Matrices(new Algebra(), this.space), this.matrix, plain);
  }

  toTex(): string {
    return writeMatrix(new Matrices(new Algebra(), this.space), this.matrix, tex);
  }

  private get matrix(): Matrix {
    return { e: this.expr, rows: this.rows, cols: this.cols };
  }

  toJSON(): string {
    return this.toString();
  }
}

export type MatrixInput = MatrixExpr | string;

export interface MatrixVerification extends MatrixEquality {
  /** The true gradient, simplified. */
  readonly derivative: MatrixExpr;
  /** One small change that mends the claim, itself proved. */
  readonly hint?: string;
}

/** How the adjoint of a part of a formula reaches its arguments. */
export interface MatrixExplanation {
  readonly rule: string;
  readonly of: MatrixExpr;
  /** The derivative of the whole by this part; it has the shape of the part. */
  readonly adjoint: MatrixExpr;
}

export interface MatrixDerivation {
  readonly result: MatrixExpr;
  readonly steps: readonly MatrixExplanation[];
}

/**
 * Formulas over declared symbols: scalars `[]`, columns `[n]`, matrices `[rows, columns]`, sizes being numbers or names.
 * `*` multiplies matrices, `.*`, `./` and `.^` work element by element, `'` transposes, `A^-1` and `inv(A)` invert;
 * a row or a column is stretched beside a matrix, a scalar beside anything. Further: `sum`, `mean` (of all, or by axis
 * 0 or 1), `trace`, `det`, `logdet`, `diag`, `norm1`, `norm2`, `normF`, `softmax`, `logSumExp`, `dot`, `outer`, `ones`,
 * `zeros`, `eye`, and every function of the scalar language, element by element.
 *
 * @throws ShapeError where shapes do not go together.
 * @example
 * import { MatrixCalculus } from '@leibniz/symbolic/matrix';
 * const calculus = new MatrixCalculus({ X: ['n', 'd'], W: ['d', 'k'], Y: ['n', 'k'] });
 * String(calculus.gradient('normF(X*W - Y)^2', 'W')); // => 2*X'*(X*W - Y)
 */
export class MatrixCalculus {
  private readonly space: Space;

  constructor(declarations: Declarations) {
    this.space = new Space(declarations);
  }

  /** @throws ParseError with the position, ShapeError with both shapes. */
  parse(text: string): MatrixExpr {
    return this.made(parseMatrix(this.matrices(), text));
  }

  simplify(f: MatrixInput): MatrixExpr {
    const m = this.matrices();
    const { e, ...shape } = this.read(m, f);
    return this.made({ ...shape, e: tidy(m, e) });
  }

  /** The gradient of a scalar by a symbol, in the shape of the symbol (denominator layout). */
  gradient(f: MatrixInput, wrt: string): MatrixExpr {
    const m = this.matrices();
    return this.made({ ...this.shapeOf(wrt), e: tidy(m, reverse(m, this.read(m, f).e, wrt)) });
  }

  /** The Hessian by a symbol times a direction of its shape, without the Hessian. */
  hessianVector(f: MatrixInput, wrt: string, direction: MatrixInput): MatrixExpr {
    const m = this.matrices();
    const shape = this.shapeOf(wrt);
    const along = this.read(m, direction);
    if (!sameShape(along, shape)) {
      throw new ShapeError(`Cannot take ${show(along)} for a direction: ${wrt} is ${show(shape)}`);
    }
    const first = reverse(m, this.read(m, f).e, wrt);
    const slope = m.sum({ ...shape, e: m.algebra.product([first, along.e]) }, 'all');
    return this.made({ ...shape, e: tidy(m, reverse(m, slope.e, wrt)) });
  }

  /** The sweep from the result to the symbol: every part that it moves, with its adjoint. */
  explain(f: MatrixInput, wrt: string): MatrixDerivation {
    const m = this.matrices();
    this.shapeOf(wrt);
    const steps: MatrixExplanation[] = [];
    reverse(m, this.read(m, f).e, wrt, ({ node, adjoint }) => {
      steps.push({
        rule: ruleOf(node),
        of: this.made(m.whole(node)),
        adjoint: this.made({ ...adjoint, e: tidy(m, adjoint.e) }),
      });
    });
    return { result: this.gradient(f, wrt), steps };
  }

  /** Whether all elements are equal: `proved`, `refuted` with matrices at which enclosures lie apart, or `unknown`. */
  equal(a: MatrixInput, b: MatrixInput): MatrixEquality {
    const m = this.matrices();
    const [left, right] = [this.read(m, a), this.read(m, b)];
    if (!sameShape(left, right)) {
      return { verdict: 'refuted', why: `one side is ${show(left)}, the other ${show(right)}` };
    }
    return equalMatrices(this.space, left, right);
  }

  /** Whether a claimed gradient is the gradient, in the shape of the symbol; a slip is named where one mends it. */
  verify(f: MatrixInput, claim: MatrixInput, { wrt }: { readonly wrt: string }): MatrixVerification {
    const m = this.matrices();
    const derivative = this.gradient(f, wrt);
    const claimed = this.read(m, claim);
    const equality = this.equal(this.made(claimed), derivative);
    if (equality.verdict !== 'refuted') return { ...equality, derivative };
    const mend = mends(m, claimed, derivative).find(
      (candidate) => proveEqual(this.space, candidate.claim, this.read(m, derivative)).verdict === 'proved',
    );
    return { ...equality, derivative, ...(mend && { hint: `${mend.words} makes it right` }) };
  }

  /**
   * The value in double precision, as rows. A size that no value tells is bound like a scalar.
   *
   * @throws UnboundSymbolError for a symbol without a value, ShapeError for one of another shape.
   */
  evaluate(f: MatrixInput, bindings: Readonly<Record<string, MatrixValue>>): number[][] {
    const m = this.matrices();
    const { e, ...shape } = this.read(m, f);
    const { values, sizes } = boundValues(this.space, bindings);
    const elements = { $: ops.numbers, size: Math.abs };
    const value = stretch(
      evaluateMatrix(elements, e, values, sizes),
      countOf(shape.rows, sizes),
      countOf(shape.cols, sizes),
    );
    return rowsOf(value);
  }

  toTex(f: MatrixInput): string {
    return this.made(this.read(this.matrices(), f)).toTex();
  }

  /** A function on arrays of two axes: of the symbols that the formula mentions, then of sizes that none of these has. */
  toCode(f: MatrixInput, options: MatrixCodeOptions): string {
    const m = this.matrices();
    const matrix = this.read(m, f);
    return matrixCode(m, matrix, options);
  }

  private shapeOf(name: string): Shape {
    const declared = this.space.symbols.get(name);
    if (declared) return { rows: declared.rows, cols: declared.cols };
    throw new ShapeError(`Cannot differentiate by ${visible(name)}: it is not declared`);
  }

  private matrices(): Matrices {
    return new Matrices(new Algebra(), this.space);
  }

  private made(matrix: Matrix): MatrixExpr {
    return new MatrixExpr(matrix, this.space);
  }

  private read(m: Matrices, f: MatrixInput): Matrix {
    if (typeof f === 'string') return parseMatrix(m, f);
    const [e] = m.algebra.adopt(f.expr) as [Expr];
    return { e: rebuilt(m, e), rows: f.rows, cols: f.cols };
  }
}

const ELEMENTWISE: Readonly<Record<Expr['kind'], string>> = {
  num: 'constant',
  constant: 'constant',
  sym: 'the gradient',
  sum: 'sum rule',
  product: 'product rule, element by element',
  power: 'power rule, element by element',
  call: 'chain rule',
};

function ruleOf(node: Expr): string {
  if (isStructure(node)) return `rule of ${node.name}`;
  return node.kind === 'call' ? `chain rule, ${node.name}` : ELEMENTWISE[node.kind];
}
