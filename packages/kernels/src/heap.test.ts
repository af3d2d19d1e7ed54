import { describe, expect, test } from 'vitest';
import { floats } from './dtype.ts';
import { uniform } from './fixtures/uniform.ts';
import { addressOf, allocate, isLive, liveBytes, release } from './heap.ts';
import { compileMap, type Formula } from './map.ts';
import { memory, reach } from './memory.ts';
import * as reference from './reference.ts';

const released = expect.objectContaining({ code: 'ERR_KERNEL_RELEASED' });

describe.each(Object.values(floats))('allocated arrays of $name', ({ name, array, bytes }) => {
  test('are typed arrays of the length asked for, whose bytes are counted', () => {
    const before = liveBytes();
    const lengths = [0, 1, 7, 1000];
    const arrays = lengths.map((length) => allocate(name, length));
    expect(arrays.map((x) => [x.constructor, x.length])).toEqual(lengths.map((length) => [array, length]));
    expect(liveBytes() - before).toBe(1008 * bytes);
    for (const x of arrays) release(x);
    expect(liveBytes()).toBe(before);
  });

  test('do not overlap, and are used again once released', () => {
    const arrays = Array.from({ length: 40 }, (_, i) => allocate(name, 3 * i).fill(i));
    for (const [i, x] of arrays.entries()) expect(x.every((value) => value === i)).toBe(true);
    const addresses = new Set(arrays.map((x) => x.byteOffset));
    for (const x of arrays) release(x);
    const again = Array.from({ length: 40 }, (_, i) => allocate(name, 3 * i));
    expect(new Set(again.map((x) => x.byteOffset))).toEqual(addresses);
    for (const x of again) release(x);
  });

  test('stay what they are when the memory grows', () => {
    const x = allocate(name, 3);
    x.set([1, 2, 3]);
    reach(memory().buffer.byteLength);
    const y = allocate(name, 3);
    expect(y.buffer).not.toBe(x.buffer);
    const add = compileMap({ dtype: name, inputs: 2 }, ($, a, b) => $.add(a, b));
    expect([...add(y, x, x)]).toEqual([2, 4, 6]);
    const overlap = expect.objectContaining({ code: 'ERR_KERNEL_OVERLAP' });
    const moved = new array(y.buffer, x.byteOffset + bytes, 2) as typeof x;
    expect(() => add(moved, x.subarray(0, 2), x.subarray(0, 2))).toThrow(overlap);
    release(x);
    release(y);
  });

  test('and views of them are computed on in place, to the element', () => {
    const formula: Formula = ($, x, y) => $.sub($.mul(x, y), x);
    const kernel = compileMap({ dtype: name, inputs: 2 }, formula);
    for (const length of [0, 1, 2, 3, 4, 5, 17, 100]) {
      for (const shift of [0, 1, 3]) {
        const block = allocate(name, length + 8).fill(7);
        const [x, y] = [1, 2].map((seed) => array.from(uniform(length, seed))) as [
          typeof block,
          typeof block,
        ];
        const inside = block.subarray(shift, shift + length);
        inside.set(x);
        kernel(inside, inside, y); // mixed: y is an ordinary array
        expect(inside).toEqual(reference.map(formula, new array(length), x, y));
        inside.set(x);
        kernel(inside, inside, inside);
        const around = array.from(block);
        around.fill(7, shift, shift + length);
        expect(around).toEqual(new array(length + 8).fill(7));
        expect(inside).toEqual(reference.map(formula, new array(length), x, x));
        release(block);
      }
    }
  });
});

test('a released array is refused by whoever gets it', () => {
  const x = allocate('float64', 4);
  expect(isLive(x)).toBe(true);
  release(x);
  expect(isLive(x)).toBe(false);
  expect(() => release(x)).toThrow(released);
  expect(() => release(new Float64Array(4))).toThrow(released);
  const negate = compileMap({ dtype: 'float64', inputs: 1 }, ($, a) => $.neg(a));
  expect(() => negate(x, new Float64Array(4))).toThrow(released);
  expect(() => negate(new Float64Array(4), x)).toThrow('Cannot use an array of 4 elements that was released');
  const successor = allocate('float64', 4);
  expect(successor.byteOffset).toBe(x.byteOffset);
  expect(() => release(x)).toThrow(released);
  release(successor);
});

test('what does not fit is refused, and leaves the memory as it was', () => {
  const before = liveBytes();
  for (const length of [-1, 1.5, Number.NaN]) {
    expect(() => allocate('float32', length)).toThrow(expect.objectContaining({ code: 'ERR_KERNEL_LENGTH' }));
  }
  expect(() => allocate('float32', 2 ** 40)).toThrow(expect.objectContaining({ code: 'ERR_KERNEL_MEMORY' }));
  expect(liveBytes()).toBe(before);
  expect(addressOf(allocate('float32', 1))).toBeTypeOf('number');
});
