import { expect, test } from 'vitest';
import { copyStrided, merged, readStrided, type Strided, sizeOf } from './strided.ts';

const data = Float32Array.from({ length: 120 }, (_, i) => i);

/** The definition: every index in row-major order. */
function elements({ data, shape, strides, offset }: Strided): number[] {
  let offsets = [offset];
  for (const [axis, n] of shape.entries()) {
    offsets = offsets.flatMap((at) => Array.from({ length: n }, (_, i) => at + i * strides[axis]!));
  }
  return offsets.map((at) => data[at]!);
}

const CASES = [
  { what: 'a whole array', shape: [2, 3, 4], strides: [12, 4, 1], offset: 0 },
  { what: 'a transpose', shape: [4, 3, 2], strides: [1, 4, 12], offset: 0 },
  { what: 'a broadcast row', shape: [5, 40], strides: [0, 1], offset: 3 },
  { what: 'a broadcast column', shape: [5, 4], strides: [3, 0], offset: 3 },
  { what: 'a slice', shape: [3, 5], strides: [40, 2], offset: 7 },
  { what: 'a reversed array', shape: [3, 5], strides: [-10, -2], offset: 119 },
  { what: 'one element', shape: [], strides: [], offset: 9 },
  { what: 'one element many times', shape: [3, 1, 2], strides: [0, 5, 0], offset: 9 },
  { what: 'nothing', shape: [3, 0, 2], strides: [1, 1, 1], offset: 500 },
];

test.each(CASES)('copyStrided of $what', ({ shape, strides, offset }) => {
  const out = copyStrided(new Float32Array(sizeOf(shape)), data, shape, strides, offset);
  expect([...out]).toEqual(elements({ data, shape, strides, offset }));
});

test.each(CASES)('any part of $what can be read alone', ({ shape, strides, offset }) => {
  const source = { data, shape, strides, offset };
  const all = elements(source);
  for (let start = 0; start < all.length; start += 3) {
    const out = new Float64Array(Math.min(7, all.length - start));
    readStrided(out, merged(source), start);
    expect([...out]).toEqual(all.slice(start, start + 7));
  }
});

test('copyStrided refuses to read outside of the data, and a result of the wrong length', () => {
  expect(() => copyStrided(new Float32Array(3), data, [3], [60])).toThrow(
    'Cannot read [3] with strides [60] from 0 on: it reaches from 0 to 120 in 120 elements',
  );
  expect(() => copyStrided(new Float32Array(3), data, [3], [-1], 1)).toThrow('it reaches from -1 to 1');
  expect(() => copyStrided(data.subarray(3, 6), data, [3], [1])).toThrow(
    'Cannot run copyStrided into a part of its own input: give it another array',
  );
  expect(() => copyStrided(new Float32Array(3), data, [4], [1])).toThrow(
    expect.objectContaining({ code: 'ERR_KERNEL_LENGTH' }),
  );
});
