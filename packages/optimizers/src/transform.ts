// Optimizers as sentences: what is done to the gradients, one thing after the other, with the state passed in and out.

import { elementwise, noGrad, type Tensor } from '@leibniz/tensor';

/** Turns gradients into updates, which are added to the parameters. */
export interface Transform<S> {
  init(params: readonly Tensor[]): S;
  update(
    updates: readonly Tensor[],
    state: S,
    params: readonly Tensor[],
  ): { readonly updates: Tensor[]; readonly state: S };
}

/**
 * One transform after the other.
 *
 * @example
 * import { grad, tensor } from '@leibniz/tensor';
 * import { applyUpdates, chain, scaleByAdam, scaleByLearningRate } from '@leibniz/optimizers';
 * const optimizer = chain(scaleByAdam(), scaleByLearningRate(0.1));
 * const loss = (x) => x.sub(3).square();
 * let params = [tensor(0)];
 * let state = optimizer.init(params);
 * for (let step = 0; step < 200; step++) {
 *   const { updates, state: next } = optimizer.update([grad(loss)(params[0])], state, params);
 *   params = applyUpdates(params, updates);
 *   state = next;
 * }
 * params[0].item().toFixed(2); // => 3.00
 */
export function chain<S extends readonly unknown[]>(
  ...transforms: { readonly [K in keyof S]: Transform<S[K]> }
): Transform<S> {
  const links = transforms as readonly Transform<unknown>[];
  return {
    init: (params) => links.map((link) => link.init(params)) as unknown as S,
    update: (gradients, state, params) => {
      let updates = [...gradients];
      const next = links.map((link, at) => {
        const done = link.update(updates, state[at], params);
        updates = done.updates;
        return done.state;
      });
      return { updates, state: next as unknown as S };
    },
  };
}

/** Steps of the given length against the direction: -αd. */
export function scaleByLearningRate(lr: number): Transform<null> {
  return {
    init: () => null,
    update: (updates) => ({ updates: noGrad(() => updates.map((d) => d.mul(-lr))), state: null }),
  };
}

/** The parameters moved by the updates: p + u. */
export const applyUpdates = (params: readonly Tensor[], updates: readonly Tensor[]): Tensor[] =>
  noGrad(() => params.map((p, at) => elementwise(($, p, u) => $.add(p, u), p, updates[at]!)));
