import type { Carrier } from '@leibniz/ops';
import { type Formulas, fuse, noGrad, type Tensor, zerosLike } from '@leibniz/tensor';
import { expectOption, OptimizerError } from './errors.ts';
import { Optimizer, type Update } from './optimizer.ts';
import type { Transform } from './transform.ts';

export interface SGDOptions {
  /** The learning rate α. */
  readonly lr: number;
  /** μ: how much of the velocity survives a step. 0 by default. */
  readonly momentum?: number;
  /** τ: how much of a gradient does not enter the velocity. 0 by default. */
  readonly dampening?: number;
  /** λ: λp is added to the gradient, as if the loss had λp²/2 in it. 0 by default. */
  readonly weightDecay?: number;
  /** Steps along the velocity as it will be, not as it is. */
  readonly nesterov?: boolean;
}

/** The velocity of one parameter, and whether it has one yet: the first gradient enters it undamped. */
export type SGDSlot = { readonly velocity: Tensor; readonly steps: number };

/**
 * The direction of a step, and the velocity after it:
 *
 *     b ← μb + (1-τ)g      direction = b, or g + μb for Nesterov's
 *
 * I. Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, in the form of
 * torch.optim.SGD, where the learning rate is not part of the velocity.
 */
function momentumStep<T, C>(
  $: Carrier<T, C>,
  g: T,
  b: T,
  mu: T,
  take: T,
  nesterov: boolean,
): [direction: T, velocity: T] {
  const velocity = $.add($.mul(mu, b), $.mul(take, g));
  return [nesterov ? $.add(g, $.mul(mu, velocity)) : velocity, velocity];
}

type Settings = Required<SGDOptions>;
const DEFAULTS = { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false };

const start = (p: Tensor): SGDSlot => ({ velocity: zerosLike(p), steps: 0 });
const takeOf = ({ steps }: SGDSlot, dampening: number): number => (steps === 0 ? 1 : 1 - dampening);

/**
 * Gradient descent, with the semantics of torch.optim.SGD: p ← p - α · direction of the gradient g + λp.
 *
 * @example
 * import { tensor } from '@leibniz/tensor';
 * import { SGD } from '@leibniz/optimizers';
 * const x = tensor([5, -5], { requiresGrad: true });
 * const optimizer = new SGD([x], { lr: 0.1, momentum: 0.5 });
 * for (let step = 0; step < 100; step++) {
 *   optimizer.zeroGrad();
 *   x.sub(3).square().sum().backward();
 *   optimizer.step();
 * }
 * x.toArray().map((value) => value.toFixed(4)); // => [ '3.0000', '3.0000' ]
 */
export class SGD extends Optimizer<Settings, SGDSlot> {
  constructor(params: Iterable<Tensor>, options: SGDOptions) {
    super(params, { ...DEFAULTS, ...options });
  }

  protected get name(): string {
    return 'SGD';
  }

  protected check({ lr, momentum, dampening, weightDecay, nesterov }: Settings): void {
    expectOption('lr', lr, lr >= 0, 'at least 0');
    expectOption('momentum', momentum, momentum >= 0, 'at least 0');
    expectOption('dampening', dampening, Number.isFinite(dampening), 'a number');
    expectOption('weightDecay', weightDecay, weightDecay >= 0, 'at least 0');
    if (!nesterov || (momentum > 0 && dampening === 0)) return;
    throw new OptimizerError(
      'ERR_OPTIMIZER_OPTION',
      'Cannot step along the velocity as it will be (nesterov) without momentum, or with dampening',
    );
  }

  protected start(p: Tensor): SGDSlot {
    return start(p);
  }

  protected update(p: Tensor, gradient: Tensor, slot: SGDSlot, options: Settings): Update<SGDSlot> {
    const { lr, momentum, dampening, weightDecay, nesterov } = options;
    const { velocity, steps } = slot;
    return {
      formula: this.#formula(momentum !== 0, weightDecay !== 0, nesterov),
      targets: momentum === 0 ? [p] : [p, velocity],
      operands: [p, gradient, velocity, lr, weightDecay, momentum, takeOf(slot, dampening)],
      slot: { velocity, steps: steps + 1 },
    };
  }

  readonly #formulas = new Map<string, Formulas>();

  #formula(moves: boolean, decays: boolean, nesterov: boolean): Formulas {
    const key = `${moves} ${decays} ${nesterov}`;
    const known = this.#formulas.get(key) ?? stepFormula(moves, decays, nesterov);
    this.#formulas.set(key, known);
    return known;
  }
}

/** The parameter, and the velocity if there is one, after a step. */
const stepFormula =
  (moves: boolean, decays: boolean, nesterov: boolean): Formulas =>
  ($, p, g, b, lr, decay, mu, take) => {
    const decayed = decays ? $.add(g!, $.mul(decay!, p!)) : g!;
    if (!moves) return [$.sub(p!, $.mul(lr!, decayed))];
    const [direction, velocity] = momentumStep($, decayed, b!, mu!, take!, nesterov);
    return [$.sub(p!, $.mul(lr!, direction)), velocity];
  };

/** The direction of momentum as a transform, for a chain. */
export function scaleByMomentum(momentum: number, { nesterov = false } = {}): Transform<readonly SGDSlot[]> {
  expectOption('momentum', momentum, momentum >= 0, 'at least 0');
  const formula: Formulas = ($, g, b, mu) => momentumStep($, g, b, mu, $.int(1), nesterov);
  return {
    init: (params) => params.map(start),
    update: (gradients, slots) => {
      const steps = noGrad(() =>
        gradients.map((g, at) => fuse(formula, g, slots[at]!.velocity, momentum) as [Tensor, Tensor]),
      );
      return {
        updates: steps.map(([direction]) => direction),
        state: steps.map(([, velocity], at) => ({ velocity, steps: slots[at]!.steps + 1 })),
      };
    },
  };
}
