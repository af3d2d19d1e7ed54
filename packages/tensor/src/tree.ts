import { Tensor } from './tensor.ts';

/** Tensors by position and by name, as deep as one likes: the parameters of a model, say. */
export type Tree = Tensor | readonly Tree[] | { readonly [name: string]: Tree };

const isBranch = (x: unknown): x is Record<string, unknown> | readonly unknown[] =>
  Array.isArray(x) ||
  (typeof x === 'object' &&
    x !== null &&
    (Object.getPrototypeOf(x) === Object.prototype || Object.getPrototypeOf(x) === null));

/** The same tree with each tensor replaced; what is no tensor stays. */
export function mapTensors(tree: unknown, replace: (x: Tensor) => unknown): unknown {
  if (tree instanceof Tensor) return replace(tree);
  if (Array.isArray(tree)) return tree.map((x) => mapTensors(x, replace));
  if (!isBranch(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([name, x]) => [name, mapTensors(x, replace)]));
}

/** All tensors of a tree, in order. */
export function tensorsOf(tree: unknown): Tensor[] {
  const found: Tensor[] = [];
  mapTensors(tree, (x) => found.push(x));
  return found;
}

/** Whether there is nothing but tensors in a tree. */
export function isTree(tree: unknown): tree is Tree {
  return tree instanceof Tensor || (isBranch(tree) && Object.values(tree).every(isTree));
}
