import { ShapeError } from '../errors.ts';
import { diagonal, moveaxis } from '../manipulation.ts';
import { matmul } from '../matmul.ts';
import { permuteDims, reshape } from '../movement.ts';
import { sum } from '../reduction.ts';
import { type Shape, show, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** A tensor whose axes have names, each once. */
interface Named {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

const refuse = (equation: string, why: string): never => {
  throw new ShapeError('ERR_SHAPE_MISMATCH', `Cannot apply einsum '${equation}': ${why}`);
};

/** The labels of the operands and the result; '...' becomes as many labels of its own as there are axes for it. */
function parsed(equation: string, operands: readonly Tensor[]) {
  const [left, right, ...more] = equation.replaceAll(/\s/g, '').split('->');
  const terms = left!.split(',');
  if (more.length > 0 || !/^[a-zA-Z.,]*$/.test(left!) || !/^[a-zA-Z.]*$/.test(right ?? ''))
    return refuse(equation, "axes are letters, operands are separated by ',', the result follows '->'");
  if (terms.length !== operands.length)
    return refuse(equation, `it names ${terms.length} operands, and ${operands.length} are given`);
  const ranks = terms.map((term, i) => operands[i]!.ndim - term.replace('...', '').length);
  const dots = Math.max(0, ...terms.flatMap((term, i) => (term.includes('...') ? [ranks[i]!] : [])));
  const dotLabels = Array.from({ length: dots }, (_, i) => `.${i}`);
  const inputs = terms.map((term, i) => {
    const rank = ranks[i]!;
    if (term.includes('...') ? rank < 0 : rank !== 0)
      return refuse(
        equation,
        `'${term}' does not name the ${operands[i]!.ndim} axes of ${show(operands[i]!.shape)}`,
      );
    return labelsOf(equation, term, dotLabels.slice(dots - rank));
  });
  const all = inputs.flat();
  const once = [...new Set(all)].filter(
    (label) => !label.startsWith('.') && all.filter((each) => each === label).length === 1,
  );
  const output = right === undefined ? [...dotLabels, ...once.sort()] : labelsOf(equation, right, dotLabels);
  const unknown = output.find((label) => !all.includes(label));
  if (unknown !== undefined) return refuse(equation, `the result names '${unknown}', which no operand has`);
  if (new Set(output).size !== output.length) return refuse(equation, 'the result names an axis twice');
  return { inputs, output };
}

function labelsOf(equation: string, term: string, dots: readonly string[]): string[] {
  const [before, behind, ...more] = term.split('...');
  if (more.length > 0 || (before! + (behind ?? '')).includes('.'))
    return refuse(equation, `'${term}' has more than one '...', or single dots`);
  return behind === undefined ? [...term] : [...before!, ...dots, ...behind];
}

/** Takes the diagonal where an operand names an axis twice. */
function withDistinctLabels(equation: string, { x, labels }: Named): Named {
  const twice = labels.findIndex((label, i) => labels.indexOf(label) < i);
  if (twice < 0) return { x, labels };
  const first = labels.indexOf(labels[twice]!);
  if (x.shape[first] !== x.shape[twice])
    return refuse(equation, `'${labels[twice]}' has the lengths ${x.shape[first]} and ${x.shape[twice]}`);
  const rest = labels.filter((_, i) => i !== first && i !== twice);
  const line = diagonal(moveaxis(x, [first, twice], [-2, -1]));
  return withDistinctLabels(equation, { x: line, labels: [...rest, labels[twice]!] });
}

/** Sums out the axes that nobody else has. */
function reducedTo(kept: ReadonlySet<string>, { x, labels }: Named): Named {
  const gone = labels.flatMap((label, axis) => (kept.has(label) ? [] : [axis]));
  return gone.length === 0
    ? { x, labels }
    : { x: sum(x, gone), labels: labels.filter((label) => kept.has(label)) };
}

/** The product of two, summed over the axes of both that nobody else has, as one matrix product. */
function contracted(a: Named, b: Named, kept: ReadonlySet<string>): Named {
  const inBoth = a.labels.filter((label) => b.labels.includes(label));
  const batch = inBoth.filter((label) => kept.has(label));
  const inner = inBoth.filter((label) => !kept.has(label));
  const [freeA, freeB] = [a, b].map(({ labels }) => labels.filter((label) => !inBoth.includes(label))) as [
    string[],
    string[],
  ];
  const length = (label: string) => {
    const ofA = a.labels.includes(label) ? a.x.shape[a.labels.indexOf(label)]! : 1;
    return ofA !== 1 ? ofA : b.labels.includes(label) ? b.x.shape[b.labels.indexOf(label)]! : 1;
  };
  const lengths = (labels: readonly string[]): Shape => labels.map(length);
  const arranged = ({ x, labels }: Named, order: readonly string[]) =>
    permuteDims(
      x,
      order.map((label) => labels.indexOf(label)),
    ) as Tensor;
  const matrices = (named: Named, rows: readonly string[], columns: readonly string[]) => {
    const y = arranged(named, [...batch, ...rows, ...columns]);
    const full = [...lengths(batch), sizeOf(lengths(rows)), sizeOf(lengths(columns))];
    const front = y.shape.slice(0, batch.length);
    return reshape(y, [...front, ...full.slice(batch.length)]) as Tensor;
  };
  const product = matmul(matrices(a, freeA, inner), matrices(b, inner, freeB));
  const labels = [...batch, ...freeA, ...freeB];
  return { x: reshape(product, lengths(labels)), labels };
}

/** Refuses lengths that differ; an axis of length 1 under '...' broadcasts. */
function expectLengths(equation: string, operands: readonly Named[]): void {
  const lengths = new Map<string, number>();
  for (const { x, labels } of operands) {
    for (const [axis, label] of labels.entries()) {
      const [n, known] = [x.shape[axis]!, lengths.get(label)];
      if (known === undefined || (known === 1 && label.startsWith('.'))) lengths.set(label, n);
      else if (n !== known && !(n === 1 && label.startsWith('.')))
        refuse(
          equation,
          `'${label}' has the lengths ${known} and ${n}, in operands of ${operands.map(({ x }) => show(x.shape)).join(' and ')}; name different axes differently`,
        );
    }
  }
}

/**
 * Sums of products in A. Einstein's notation: letters name axes, an axis that the result does not name is summed over,
 * '...' stands for axes that broadcast. Operands are multiplied from the left to the right, each time as one matrix
 * product.
 *
 * @example
 * import { einsum, tensor } from '@leibniz/tensor';
 * const a = tensor([[1, 2], [3, 4]]);
 * einsum('ij,jk->ik', a, a).toArray(); // => [ [ 7, 10 ], [ 15, 22 ] ]
 * einsum('ii', a).item(); // => 5
 */
export function einsum(equation: string, ...operands: Tensor[]): Tensor {
  const { inputs, output } = parsed(equation, operands);
  const named = operands.map((x, i) => withDistinctLabels(equation, { x, labels: inputs[i]! }));
  expectLengths(equation, named);
  const keptAfter = (i: number) =>
    new Set([...output, ...named.slice(i + 1).flatMap(({ labels }) => labels)]);
  let product = reducedTo(keptAfter(0), named[0]!);
  for (const [i, operand] of named.entries()) {
    if (i === 0) continue;
    const kept = keptAfter(i);
    const needed = new Set([...kept, ...product.labels]);
    product = contracted(
      reducedTo(new Set([...kept, ...operand.labels]), product),
      reducedTo(needed, operand),
      kept,
    );
    product = reducedTo(kept, product);
  }
  return permuteDims(
    product.x,
    output.map((label) => product.labels.indexOf(label)),
  );
}
