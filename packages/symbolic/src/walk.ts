// Passes over the DAG: every node once, arguments first, without recursion.

import type { Expr } from './node.ts';

const argsOf = (node: Expr) => node.args;

/** Every distinct node under the roots, each after its arguments, or after the parts of it to walk. */
export function postorder(roots: readonly Expr[], partsOf: (node: Expr) => readonly Expr[] = argsOf): Expr[] {
  const seen = new Set<Expr>();
  arrive(roots, seen, (node) => seen.add(node), partsOf);
  return [...seen];
}

/** Visits every distinct node under the roots, its parts first, but for those `met`; a visit must add the node to them. */
export function arrive(
  roots: readonly Expr[],
  met: { has(node: Expr): boolean },
  visit: (node: Expr) => void,
  partsOf: (node: Expr) => readonly Expr[] = argsOf,
): void {
  const stack: Expr[] = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (!met.has(node)) {
      const height = stack.length;
      const parts = partsOf(node);
      for (let i = parts.length - 1; i >= 0; i--) if (!met.has(parts[i]!)) stack.push(parts[i]!);
      if (stack.length > height) continue;
      visit(node);
    }
    stack.pop();
  }
}

/** Whether more than so many distinct nodes are under the root; no more are looked at. */
export function hasMoreNodes(
  root: Expr,
  limit: number,
  partsOf: (node: Expr) => readonly Expr[] = argsOf,
): boolean {
  const seen = new Set([root]);
  for (const node of seen) {
    if (seen.size > limit) return true;
    for (const part of partsOf(node)) seen.add(part);
  }
  return seen.size > limit;
}

/** Computes a value for each node from the values of its arguments and returns those of the roots. */
export function memoise<T>(
  roots: readonly Expr[],
  visit: (node: Expr, resultOf: (arg: Expr) => T) => T,
  partsOf: (node: Expr) => readonly Expr[] = argsOf,
): T[] {
  const values = new Map<Expr, T>();
  const resultOf = (arg: Expr) => values.get(arg) as T;
  arrive(roots, values, (node) => values.set(node, visit(node, resultOf)), partsOf);
  return roots.map(resultOf);
}

/**
 * How many distinct operations, variables and constants the expression has. Numbers and signs are not counted: they
 * belong to the operation in which they stand.
 */
export const countNodes = (e: Expr): number => postorder([e]).filter((node) => !isNumberOrSign(node)).length;

const isNumberOrSign = (node: Expr) =>
  node.kind === 'num' || (node.kind === 'product' && node.args.length === 1 && node.coefficient.abs().isOne);

/** The names of the variables, in alphabetical order. */
export function variables(e: Expr): string[] {
  const names = new Set<string>();
  for (const node of postorder([e])) if (node.kind === 'sym') names.add(node.name);
  return [...names].sort();
}

/** The nodes that mention one of the variables. */
export function dependents(roots: readonly Expr[], names: ReadonlySet<string>): Set<Expr> {
  const found = new Set<Expr>();
  for (const node of postorder(roots)) {
    if (node.kind === 'sym' ? names.has(node.name) : node.args.some((arg) => found.has(arg))) found.add(node);
  }
  return found;
}
