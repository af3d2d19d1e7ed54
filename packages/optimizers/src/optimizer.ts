import {
  type Assignment,
  type Formulas,
  lentGrad,
  noGrad,
  reassign,
  stopGradient,
  Tensor,
} from '@leibniz/tensor';
import { OptimizerError } from './errors.ts';

/** What an optimizer remembers of one parameter: tensors of its shape, and numbers. */
export type Slot = Readonly<Record<string, Tensor | number>>;

/** All that an optimizer remembers. A parameter that had no gradient yet has no slot. */
export interface OptimizerState {
  readonly optimizer: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly slots: readonly (Slot | null)[];
}

/** A step of one parameter: what is assigned to it and to what is remembered of it, and what is remembered then. */
export interface Update<S extends Slot> extends Assignment {
  readonly formula: Formulas;
  readonly slot: S;
}

/** Steps over parameters that are changed in place, each by the gradient that `backward` left on it. */
export abstract class Optimizer<O extends { readonly lr: number }, S extends Slot> {
  readonly params: readonly Tensor[];
  #options: O;
  #slots: (S | null)[];

  constructor(params: Iterable<Tensor>, options: O) {
    this.params = [...params];
    for (const [at, p] of this.params.entries()) expectParameter(p, at);
    if (new Set(this.params).size < this.params.length) {
      throw new OptimizerError(
        'ERR_OPTIMIZER_PARAMETER',
        'Cannot optimize a parameter twice: each must be listed once',
      );
    }
    this.check(options);
    this.#options = options;
    this.#slots = this.params.map(() => null);
  }

  protected abstract get name(): string;
  /** Refuses options outside of their ranges. */
  protected abstract check(options: O): void;
  /** What is remembered of a parameter before its first step. */
  protected abstract start(p: Tensor): S;
  /** How the parameter moves. */
  protected abstract update(p: Tensor, gradient: Tensor, slot: S, options: O): Update<S>;

  get options(): O {
    return this.#options;
  }

  /** The learning rate, which a schedule may set between steps. */
  get lr(): number {
    return this.#options.lr;
  }
  set lr(lr: number) {
    const options = { ...this.#options, lr };
    this.check(options);
    this.#options = options;
  }

  /** Moves each parameter that has a gradient, all together. */
  step(): void {
    noGrad(() => {
      const byFormula = new Map<Formulas, Assignment[]>();
      const slots = this.params.map((p, at) => {
        const slot = this.#slots[at]!;
        const gradient = lentGrad(p);
        if (gradient === undefined) return slot;
        const update = this.update(p, gradient, slot ?? this.start(p), this.#options);
        const others = byFormula.get(update.formula);
        if (others) others.push(update);
        else byFormula.set(update.formula, [update]);
        return update.slot;
      });
      for (const [formula, assignments] of byFormula) reassign(formula, assignments);
      this.#slots = slots;
    });
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const p of this.params) p.zeroGrad();
  }

  /** What the optimizer remembers, to be stored beside the parameters; later steps do not change it. */
  state(): OptimizerState {
    return {
      optimizer: this.name,
      options: { ...this.#options },
      slots: this.#slots.map((slot) => slot && shared(slot)),
    };
  }

  /** Continues from the state of an optimizer of the same kind over parameters of the same shapes. */
  load(state: OptimizerState): this {
    const why = this.#misfit(state);
    if (why !== undefined)
      throw new OptimizerError('ERR_OPTIMIZER_STATE', `Cannot load a state into ${this.name}: ${why}`);
    this.check(state.options as O);
    this.#options = { ...(state.options as O) };
    this.#slots = state.slots.map((slot) => slot && shared(slot as S));
    return this;
  }

  #misfit({ optimizer, options, slots }: OptimizerState): string | undefined {
    if (optimizer !== this.name) return `it is one of ${optimizer}`;
    if (differ(options, this.#options))
      return `its options are ${Object.keys(options)}, expected ${Object.keys(this.#options)}`;
    if (slots.length !== this.params.length)
      return `it has ${slots.length} slots for ${this.params.length} parameters`;
    const misfits = slots.map((slot, at) => slot && misfit(slot, this.start(this.params[at]!)));
    const at = misfits.findIndex((why) => typeof why === 'string');
    return at < 0 ? undefined : `its slot ${at} holds ${misfits[at]}`;
  }
}

/** The same values under new names, which later steps do not change. */
const shared = <S extends Slot>(slot: S): S =>
  Object.fromEntries(
    Object.entries(slot).map(([name, value]) => [
      name,
      value instanceof Tensor ? stopGradient(value) : value,
    ]),
  ) as S;

function expectParameter(p: Tensor, at: number): void {
  const why = p instanceof Tensor ? 'it does not require a gradient' : 'it is not a tensor';
  if (p instanceof Tensor && p.requiresGrad) return;
  throw new OptimizerError('ERR_OPTIMIZER_PARAMETER', `Cannot optimize parameter ${at}: ${why}`);
}

const differ = (a: object, b: object): boolean =>
  Object.keys(a).sort().join() !== Object.keys(b).sort().join();

/** In what a slot is not like another: its names, or the kind of value under one of them. */
function misfit(slot: Slot, like: Slot): string | undefined {
  if (differ(slot, like)) return `${Object.keys(slot)}, expected ${Object.keys(like)}`;
  const name = Object.keys(like).find((key) => kindOf(slot[key]!) !== kindOf(like[key]!));
  return name && `${kindOf(slot[name]!)} as ${name}, expected ${kindOf(like[name]!)}`;
}

const kindOf = (x: Tensor | number): string => (x instanceof Tensor ? `${x.dtype} [${x.shape}]` : typeof x);
