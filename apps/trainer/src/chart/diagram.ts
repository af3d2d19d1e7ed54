// The terms that string diagrams draw: maps between products of spaces, composed one after the other and side by side,
// as in a monoidal category. P. Selinger, "A survey of graphical languages for monoidal categories" (2011).

/** A space, by what is written on its wire: a dimension, as a rule. Wires with no label are drawn without. */
export type Wire = string;

/** A map from the product of the spaces `from` to the product of the spaces `to`. */
export interface Diagram {
  readonly from: readonly Wire[];
  readonly to: readonly Wire[];
  readonly shape: Shape;
}

export type Shape =
  | { readonly kind: 'box'; readonly label: string; readonly isLinear: boolean }
  | { readonly kind: 'wires' | 'swap' | 'copy' | 'add' }
  | { readonly kind: 'sequence' | 'parallel'; readonly parts: readonly Diagram[] };

/** A map, drawn as a box; one that is not linear (`{ linear: false }`) has round ends. */
export function box(
  label: string,
  from: readonly Wire[],
  to: readonly Wire[],
  { linear = true }: { readonly linear?: boolean } = {},
): Diagram {
  return { from, to, shape: { kind: 'box', label, isLinear: linear } };
}

/** The identity: wires and nothing on them. */
export const wires = (...labels: readonly Wire[]): Diagram => ({
  from: labels,
  to: labels,
  shape: { kind: 'wires' },
});

/** Two wires that cross: (x, y) to (y, x). */
export const swap = (a: Wire, b: Wire): Diagram => ({ from: [a, b], to: [b, a], shape: { kind: 'swap' } });

/** One wire that becomes two: x to (x, x). */
export const copy = (wire: Wire): Diagram => ({ from: [wire], to: [wire, wire], shape: { kind: 'copy' } });

/** Two wires that become their sum: (x, y) to x + y. */
export const add = (wire: Wire): Diagram => ({ from: [wire, wire], to: [wire], shape: { kind: 'add' } });

/**
 * One map after the other, the first on the left. What comes out of each must be what goes into the next.
 *
 * @example
 * import { box, sequence } from '@leibniz/trainer/chart';
 *
 * const net = sequence(box('W₁', ['784'], ['200']), box('W₂', ['200'], ['10']));
 * [net.from, net.to]; // => [ [ '784' ], [ '10' ] ]
 *
 * sequence(box('W₁', ['784'], ['200']), box('W₂', ['100'], ['10']));
 * // throws RangeError: Cannot compose W₁: 784 -> 200 with W₂: 100 -> 10: the wires between them must agree
 */
export function sequence(first: Diagram, ...rest: readonly Diagram[]): Diagram {
  const parts = [first, ...rest];
  for (const [i, next] of rest.entries()) {
    const last = parts[i]!;
    const agrees = last.to.length === next.from.length && last.to.every((wire, k) => wire === next.from[k]);
    if (agrees) continue;
    throw new RangeError(
      `Cannot compose ${typed(last)} with ${typed(next)}: the wires between them must agree`,
    );
  }
  return { from: first.from, to: parts.at(-1)!.to, shape: { kind: 'sequence', parts } };
}

/** Maps side by side, the first on top: each acts on wires of its own. */
export function parallel(...parts: readonly Diagram[]): Diagram {
  const from = parts.flatMap((part) => part.from);
  const to = parts.flatMap((part) => part.to);
  return { from, to, shape: { kind: 'parallel', parts } };
}

/** A map in a line of text, with its type. */
export const typed = (diagram: Diagram) =>
  `${nameOf(diagram)}: ${diagram.from.join(' × ')} -> ${diagram.to.join(' × ')}`;

function nameOf({ shape }: Diagram): string {
  if (shape.kind === 'box') return shape.label;
  if (shape.kind === 'sequence') return `(${shape.parts.map(nameOf).join(' ; ')})`;
  if (shape.kind === 'parallel') return `(${shape.parts.map(nameOf).join(' ⊗ ')})`;
  return shape.kind;
}
