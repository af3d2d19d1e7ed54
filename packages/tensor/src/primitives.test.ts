import { describe, expect, test } from 'vitest';
import { isFloat } from './dtype.ts';
import { checkOrders, sampled } from './fixtures/checkOrders.ts';
import { Generator } from './generator.ts';
import { grad, jvp, randint, slice, stack, type Tensor, tensor, vjp, vmap } from './index.ts';
import { apply, type Op, type Sample } from './op.ts';
import { primitives } from './primitives.ts';

/** Inputs for a sample, made proper where they are used, and the function of them that it stands for. */
function setUp<O>(op: Op<O>, sample: Sample<O>, seed = 4) {
  const { shapes, dtype, indices = [], options, from = (...x) => x } = sample;
  const generator = new Generator(seed);
  const inputs = shapes.map((shape) => {
    if (dtype === undefined) return sampled(shape, [-2, 2], generator);
    const [low, high] = dtype === 'bool' ? [0, 2] : [0, 9];
    return randint(low, high, shape, { generator }).astype(dtype);
  });
  const picked = indices.map(({ shape, of }) => tensor(Int32Array.from(of), { shape }));
  const f = (...x: Tensor[]) => apply(op, [...from(...x), ...picked], options);
  return { inputs, f };
}

/** The same values, lying backwards and with gaps: a view that no kernel can take for plain rows. */
function asView(x: Tensor): Tensor {
  if (x.ndim === 0) return slice(stack([x, x]), 1);
  const doubled = stack([x, x], x.ndim);
  const axes = x.shape.map(() => [null, null, -1] as const);
  const backwards = slice(doubled, ...axes, 0);
  return slice(stack([slice(backwards, ...axes), x], 0), 0);
}

const dot = (a: Tensor, b: Tensor) => a.mul(b).sum().item();
const norm = (x: Tensor) => Math.sqrt(dot(x, x));
const directions = (like: readonly Tensor[], seed: number) => {
  const generator = new Generator(seed);
  return like.map((x) => sampled(x.shape, [-1, 1], generator));
};

/** What is not determined has no derivative, and says so. */
const UNDETERMINED = 'completion';

const isDifferentiable = (op: Op<unknown>) => {
  if (op.name === UNDETERMINED) return false;
  const { f, inputs } = setUp(op, op.samples()[0]!);
  return isFloat(f(...inputs).dtype);
};

test('there are at least 8 samples of each primitive, one of them empty unless that is an error', () => {
  for (const op of primitives) expect(op.samples().length, op.name).toBeGreaterThanOrEqual(8);
});

test('a result that is not determined refuses to be differentiated', () => {
  const op = primitives.find(({ name }) => name === UNDETERMINED)!;
  const { f, inputs } = setUp(op, op.samples()[0]!);
  const refused = expect.objectContaining({ code: 'ERR_GRADIENT_UNDEFINED' });
  expect(() => grad((x: Tensor) => f(x).sum())(inputs[0]!)).toThrow(refused);
  expect(() => jvp(f, inputs, inputs)).toThrow(refused);
});

describe.each(primitives.filter(isDifferentiable))('$name', (op) => {
  const samples = op.samples().map((sample) => [JSON.stringify(sample.shapes), sample] as const);

  test.each(samples)('of %s against finite differences, orders 1 and 2', (_, sample) => {
    const { inputs, f } = setUp(op, sample);
    expect(checkOrders(f, inputs)).toEqual([]);
  });

  test.each(samples)('of %s: forward and reverse mode agree, ⟨v, Ju⟩ = ⟨Jᵀv, u⟩', (_, sample) => {
    const { inputs, f } = setUp(op, sample);
    const u = directions(inputs, 1);
    const [value, moved] = jvp(f, inputs, u);
    const [v] = directions([value], 2) as [Tensor];
    const [, pullback] = vjp(f, ...inputs);
    const reverse = pullback(v).reduce((sum, g, at) => sum + dot(g, u[at]!), 0);
    expect(value.toArray()).toEqual(f(...inputs).toArray());
    expect(Math.abs(dot(v, moved) - reverse)).toBeLessThanOrEqual(
      1e-12 * Math.max(norm(v) * norm(moved), 1e-3),
    );
  });

  test.each(samples)('of %s: the forward derivative against finite differences', (_, sample) => {
    const { inputs, f } = setUp(op, sample);
    const u = directions(inputs, 3);
    const at = (t: number) => f(...inputs.map((x, i) => x.add(u[i]!.mul(t))));
    const measured = at(1e-4).sub(at(-1e-4)).mul(5e3);
    const [, moved] = jvp(f, inputs, u);
    expect(moved.shape).toEqual(measured.shape);
    for (const [i, slope] of moved.dataSync().entries())
      expect(Math.abs(slope - measured.dataSync()[i]!)).toBeLessThan(1e-5 * (1 + Math.abs(slope)));
  });

  test.each(samples)('of %s: forward over reverse is reverse over reverse', (_, sample) => {
    const { inputs, f } = setUp(op, sample);
    const u = directions(inputs, 5);
    const loss = (...x: Tensor[]) =>
      f(...x)
        .square()
        .sum();
    const gradients = (...x: Tensor[]) =>
      grad(
        loss,
        inputs.map((_, at) => at),
      )(...x) as Tensor[];
    const along = (...x: Tensor[]) =>
      gradients(...x).reduce(
        (sum: Tensor, g, at) => sum.add(g.mul(u[at]!).sum()),
        tensor(0, { dtype: 'float64' }),
      );
    const twice = grad(
      along,
      inputs.map((_, at) => at),
    )(...inputs) as Tensor[];
    for (const [at, expected] of twice.entries()) {
      const [, forward] = jvp((...x) => gradients(...x)[at]!, inputs, u);
      expect(forward.shape).toEqual(expected.shape);
      const scale = 1 + norm(expected);
      expect(norm(forward.sub(expected)) / scale).toBeLessThan(1e-11);
    }
  });
});

/** Each way to map some of the inputs, at least one. */
const choices = (count: number): boolean[][] =>
  Array.from({ length: 2 ** count - 1 }, (_, bits) =>
    Array.from({ length: count }, (_, at) => (((bits + 1) >> at) & 1) === 1),
  );

describe.each(primitives)('$name', (op) => {
  const samples = op.samples().map((sample) => [JSON.stringify(sample.shapes), sample] as const);
  test.each(samples)('of %s: vmap is a loop', (_, sample) => {
    const single = setUp(op, sample);
    const batches = [6, 7, 8].map((seed) => setUp(op, sample, seed).inputs);
    for (const mapped of choices(single.inputs.length)) {
      const inputs = single.inputs.map((x, at) =>
        mapped[at] ? stack(batches.map((batch) => batch[at]!)) : x,
      );
      const together = vmap(single.f, { inAxes: mapped.map((is) => (is ? 0 : null)) })(...inputs);
      const looped = batches.map((batch) =>
        single.f(...batch.map((x, at) => (mapped[at] ? x : single.inputs[at]!))),
      );
      const expected = stack(looped);
      expect([together.shape, together.dtype]).toEqual([expected.shape, expected.dtype]);
      const [found, wanted] = [together.dataSync(), expected.dataSync()];
      for (const [i, value] of wanted.entries())
        expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(value)));
    }
  });

  test.each(samples)('of %s: of views as of copies, and vmap over another axis', (_, sample) => {
    const { inputs: copies, f } = setUp(op, sample);
    const y = f(...copies);
    expect(y.dataSync()).toHaveLength(y.size);
    expect(f(...copies.map(asView)).toArray()).toEqual(y.toArray());
    const lastAxes = copies.map((x) => x.ndim);
    const stacked = copies.map((x) => stack([x, x], x.ndim));
    expect(
      vmap(f, { inAxes: lastAxes })(...stacked)
        .slice(1)
        .toArray(),
    ).toEqual(f(...copies).toArray());
  });
});
