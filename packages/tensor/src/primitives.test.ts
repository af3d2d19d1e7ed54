import { describe, expect, test } from 'vitest';
import {
  differentiableFunctions,
  differentiablePrimitives,
  setUp,
  UNDETERMINED,
} from './fixtures/derivativeCases.ts';
import { DERIVATIVE_CHECKS } from './fixtures/derivativeChecks.ts';
import { asView } from './fixtures/views.ts';
import { grad, jvp, stack, type Tensor, vmap } from './index.ts';
import { primitives } from './primitives.ts';

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

describe.each([...differentiablePrimitives, ...differentiableFunctions])('$name', ({ cases }) => {
  test.each(DERIVATIVE_CHECKS)('$what', ({ failuresOf }) => {
    const failures = cases.flatMap((each) => failuresOf(each).map((failure) => `${each.sample}: ${failure}`));
    expect(failures).toEqual([]);
  });

  test('the value beside the forward derivative is that without', () => {
    for (const { f, inputs, sample } of cases)
      expect(jvp(f, [...inputs], [...inputs])[0].toArray(), sample).toEqual(f(...inputs).toArray());
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
