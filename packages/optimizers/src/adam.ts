import type { Carrier } from '@leibniz/ops';
import { type Formulas, fuse, noGrad, type Tensor, zerosLike } from '@leibniz/tensor';
import { expectOption } from './errors.ts';
import { Optimizer, type Update } from './optimizer.ts';
import type { Transform } from './transform.ts';

export interface AdamOptions {
  /** The learning rate α: 0.001 by default. */
  readonly lr?: number;
  /** How much of the averages of the gradients and of their squares survives a step: β₁ = 0.9 and β₂ = 0.999 by default. */
  readonly betas?: readonly [number, number];
  /** ε, which keeps the quotient finite: 1e-8 by default. */
  readonly eps?: number;
  /** λ: λp is added to the gradient, as if the loss had λp²/2 in it. 0 by default. */
  readonly weightDecay?: number;
}

/** The averages of one parameter, and β₁ᵗ and β₂ᵗ as products, so that no power is taken. */
export type AdamSlot = {
  readonly m: Tensor;
  readonly v: Tensor;
  readonly power1: number;
  readonly power2: number;
};

/** The numbers of the formula; divisors as their inverses, because a kernel multiplies several times as fast. */
type Constants<T> = readonly [beta1: T, rest1: T, beta2: T, rest2: T, correction1: T, correction2: T, eps: T];

/**
 * The direction of a step, and the averages after it:
 *
 *     m ← β₁m + (1-β₁)g      v ← β₂v + (1-β₂)g²
 *     direction = m/(1-β₁ᵗ) / (√(v/(1-β₂ᵗ)) + ε)
 *
 * D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1 (arXiv:1412.6980, version 9).
 */
function adam<T, C>($: Carrier<T, C>, g: T, m: T, v: T, constants: readonly T[]): [direction: T, m: T, v: T] {
  const [beta1, rest1, beta2, rest2, correction1, correction2, eps] = constants as Constants<T>;
  const mean = $.add($.mul(beta1, m), $.mul(rest1, g));
  const square = $.add($.mul(beta2, v), $.mul(rest2, $.mul(g, g)));
  const direction = $.div($.mul(mean, correction1), $.add($.sqrt($.mul(square, correction2)), eps));
  return [direction, mean, square];
}

type Settings = Required<AdamOptions>;
type Averaging = Pick<Settings, 'betas' | 'eps'>;
const DEFAULTS: Settings = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 };

const start = (p: Tensor): AdamSlot => ({ m: zerosLike(p), v: zerosLike(p), power1: 1, power2: 1 });

/** βᵗ of the next step, and the numbers of that step, computed as doubles. */
function advance(slot: AdamSlot, { betas: [beta1, beta2], eps }: Averaging) {
  const [power1, power2] = [slot.power1 * beta1, slot.power2 * beta2];
  const constants: Constants<number> = [
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    1 / (1 - power1),
    1 / (1 - power2),
    eps,
  ];
  return { power1, power2, constants };
}

function expectAveraging({ betas, eps }: Averaging): void {
  for (const [at, beta] of betas.entries()) {
    expectOption(`betas[${at}]`, beta, beta >= 0 && beta < 1, 'at least 0 and less than 1');
  }
  expectOption('eps', eps, eps >= 0, 'at least 0');
}

/**
 * Adam, with the semantics of torch.optim.Adam: p ← p - α · direction of the gradient g + λp.
 *
 * @example
 * import { tensor } from '@leibniz/tensor';
 * import { Adam } from '@leibniz/optimizers';
 * const x = tensor([5, -5], { requiresGrad: true });
 * const optimizer = new Adam([x], { lr: 0.1 });
 * for (let step = 0; step < 500; step++) {
 *   optimizer.zeroGrad();
 *   x.sub(3).square().sum().backward();
 *   optimizer.step();
 * }
 * x.toArray().map((value) => value.toFixed(2)); // => [ '3.00', '3.00' ]
 */
export class Adam extends Optimizer<Settings, AdamSlot> {
  constructor(params: Iterable<Tensor>, options: AdamOptions = {}) {
    super(params, { ...DEFAULTS, ...options });
  }

  protected get name(): string {
    return 'Adam';
  }

  protected check(options: Settings): void {
    expectOption('lr', options.lr, options.lr >= 0, 'at least 0');
    expectOption('weightDecay', options.weightDecay, options.weightDecay >= 0, 'at least 0');
    expectAveraging(options);
  }

  protected start(p: Tensor): AdamSlot {
    return start(p);
  }

  protected update(p: Tensor, gradient: Tensor, slot: AdamSlot, options: Settings): Update<AdamSlot> {
    const { lr, weightDecay } = options;
    const { m, v } = slot;
    const { constants, ...powers } = advance(slot, options);
    return {
      formula: weightDecay === 0 ? step : decayingStep,
      targets: [p, m, v],
      operands: [p, gradient, m, v, lr, weightDecay, ...constants],
      slot: { m, v, ...powers },
    };
  }
}

/** The parameter and both averages after a step. */
const step: Formulas = ($, p, g, m, v, lr, _, ...constants) => {
  const [direction, ...averages] = adam($, g!, m!, v!, constants);
  return [$.sub(p!, $.mul(lr!, direction)), ...averages];
};

const decayingStep: Formulas = ($, p, g, m, v, lr, decay, ...constants) =>
  step($, p!, $.add(g!, $.mul(decay!, p!)), m!, v!, lr!, decay!, ...constants);

/** The direction of Adam as a transform, for a chain. */
export function scaleByAdam(options: Partial<Averaging> = {}): Transform<readonly AdamSlot[]> {
  const settings = { ...DEFAULTS, ...options };
  expectAveraging(settings);
  const step = (g: Tensor, slot: AdamSlot) => {
    const { constants, ...powers } = advance(slot, settings);
    const formula: Formulas = ($, g, m, v, ...constants) => adam($, g, m, v, constants);
    const [direction, m, v] = fuse(formula, g, slot.m, slot.v, ...constants) as [Tensor, Tensor, Tensor];
    return { direction, slot: { m, v, ...powers } };
  };
  return {
    init: (params) => params.map(start),
    update: (gradients, slots) => {
      const steps = noGrad(() => gradients.map((g, at) => step(g, slots[at]!)));
      return { updates: steps.map(({ direction }) => direction), state: steps.map(({ slot }) => slot) };
    },
  };
}
