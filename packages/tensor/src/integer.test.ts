import { describe, expect, test } from 'vitest';
import { abs, add, maximum, mul, neg, pow, prod, square, sub, sum, tensor } from './index.ts';

const int = (...x: number[]) => tensor(Int32Array.from(x));
const byte = (...x: number[]) => tensor(Uint8Array.from(x));

describe('integers wrap around, as in NumPy', () => {
  test.each([
    ['int32 +', add(int(2 ** 31 - 1, -(2 ** 31)), int(1, -1)), [-(2 ** 31), 2 ** 31 - 1]],
    ['uint8 +', add(byte(255, 3), 2), [1, 5]],
    ['uint8 -', sub(byte(1), byte(2)), [255]],
    ['int32 ×', mul(int(65537, 123456789), int(65537, 987654321)), [131073, -67153019]],
    ['uint8 ×', mul(byte(16, 17), byte(16, 15)), [0, 255]],
    ['int32 power', pow(int(3, -2, 0), int(21, 3, 0)), [1870418611, -8, 1]],
    ['|-2³¹|', abs(int(-(2 ** 31))), [-(2 ** 31)]],
    ['uint8 negative', neg(byte(1, 0)), [255, 0]],
    ['uint8 square', square(byte(16)), [0]],
    ['the larger', maximum(int(-3, 5), 2), [2, 5]],
    ['sum of uint8', sum(byte(200, 100)).reshape([1]), [300]],
    ['product', prod(byte(200, 100, 3)).reshape([1]), [60000]],
    ['types of two widths', add(byte(200), int(100)), [300]],
  ])('%s', (_, found, expected) => expect(found.toArray()).toEqual(expected));

  test('have the wider type, and sums are of int32', () => {
    expect([add(byte(1), int(1)).dtype, add(byte(1), 1).dtype, sum(byte(1)).dtype]).toEqual([
      'int32',
      'uint8',
      'int32',
    ]);
  });

  test.each<[string, () => unknown]>([
    ["Cannot raise 2 to -1 in integers: convert with .astype('float64')", () => pow(int(2), -1)],
    ['Cannot apply add to int32 and 0.5: the type does not hold it', () => add(int(1), 0.5)],
    ['Cannot apply add to uint8 and 300: the type does not hold it', () => add(byte(1), 300)],
    ['Cannot apply div to int32', () => int(1).div(2)],
  ])('%s', (message, act) => expect(act).toThrow(message));
});
