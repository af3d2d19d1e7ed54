// Which maps are linear: T(a + b) = T(a) + T(b) and T(ca) = cT(a), for all a, b and c. x ↦ 2x + 1 is not, although its
// graph is a line: it is affine, a linear map and then a step aside.
import { type Equality, equal, gradient, substitute } from '@leibniz/symbolic';
import { add, box, copy, parallel, sequence, stringDiagram, swap, wires } from '@leibniz/trainer/chart';
import { writeFigures } from './figures.ts';

/** Whether T respects sums and multiples: each proved for all numbers, or refuted by some. */
function linearity(formula: string) {
  const T = (x: string) => `(${substitute(formula, { x })})`;
  return {
    sums: outcome(equal(T('a + b'), `${T('a')} + ${T('b')}`)),
    multiples: outcome(equal(T('c*a'), `c*${T('a')}`)),
  };
}

function outcome({ verdict, witness }: Equality): string {
  if (!witness) return verdict;
  const at = Object.entries(witness.at).map(([name, value]) => `${name} = ${value}`);
  return `${verdict}: ${witness.left} is not ${witness.right} at ${at.join(', ')}`;
}

/** A map of the plane as two formulas, and the matrix of their partial derivatives, which is the map again. */
const plane = ['2x + 3y', '4x + 5y'];
const matrix = plane.map((formula) => gradient(formula, ['x', 'y']).map(String));

export function linearMaps() {
  const product = matrix.map(([a, b]) => `${a}*x + ${b}*y`);
  return {
    '3x': linearity('3x'),
    '2x + 1': linearity('2x + 1'),
    '(2x + 1) - 1': linearity('(2x + 1) - 1'),
    matrix,
    matrixTimesVector: product.map((row, i) => equal(row, plane[i]!).verdict),
  };
}

/** The matrix as a string diagram: every number goes to every sum, by way of one entry. */
export function figure(): string {
  const R = ''; // every wire is a number: nothing is written on it
  const [[a, b], [c, d]] = matrix as [[string, string], [string, string]];
  const diagram = sequence(
    parallel(copy(R), copy(R)),
    parallel(...[a, c, b, d].map((entry) => box(entry, [R], [R]))),
    parallel(wires(R), swap(R, R), wires(R)),
    parallel(add(R), add(R)),
  );
  return stringDiagram(diagram, { title: '(x, y) ↦ (2x + 3y, 4x + 5y)' });
}

if (import.meta.main) {
  console.dir(linearMaps());
  writeFigures({ 'linear-map': figure() });
}
