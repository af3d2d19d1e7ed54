import { describe, expect, test } from 'vitest';
import { fromBits, halves, toBits } from './half.ts';
import {
  at,
  concat,
  decodeSafetensors,
  encodeSafetensors,
  finfo,
  max,
  ones,
  type Tensor,
  tensor,
} from './index.ts';

describe.each(['float16', 'bfloat16'] as const)('%s', (dtype) => {
  const layout = halves[dtype];

  test('all 65,536 patterns of bits come back', () => {
    for (let bits = 0; bits < 2 ** 16; bits++) {
      const x = fromBits(bits, layout);
      if (Number.isNaN(x)) expect(Number.isNaN(fromBits(toBits(x, layout), layout))).toBe(true);
      else if (toBits(x, layout) !== bits) expect.fail(`${bits} is ${x}, and that ${toBits(x, layout)}`);
    }
  });

  test('NaN is the quiet one, and what is too large is infinite', () => {
    const [nan, infinity] = dtype === 'float16' ? [0x7e00, 0x7c00] : [0x7fc0, 0x7f80];
    expect([toBits(Number.NaN, layout), toBits(1e300, layout)]).toEqual([nan, infinity]);
    expect(toBits(-1e300, layout)).toBe(0x8000 + infinity);
  });

  test('what lies between two neighbours is rounded to the nearer, in the middle to the even one', () => {
    for (let bits = 0; bits < 0x7bff; bits += 7) {
      const [low, high] = [fromBits(bits, layout), fromBits(bits + 1, layout)];
      if (high === Number.POSITIVE_INFINITY) break;
      const step = high - low;
      expect(toBits(low + step * 0.49, layout)).toBe(bits);
      expect(toBits(low + step * 0.51, layout)).toBe(bits + 1);
      expect(toBits(low + step / 2, layout)).toBe(bits % 2 === 0 ? bits : bits + 1);
      expect(toBits(-(low + step * 0.51), layout)).toBe(0x8000 + bits + 1);
    }
  });

  test('beside powers of two, where logarithms round, bits are those of the power', () => {
    const next = 1 + Number.EPSILON;
    for (let power = -20; power < 15; power++) {
      const x = 2 ** power;
      for (const near of [x * next, x / next]) expect(toBits(near, layout)).toBe(toBits(x, layout));
      expect(fromBits(toBits(x, layout), layout)).toBe(x);
    }
  });

  test('is stored, moved, saved and converted, and has no arithmetic', () => {
    const x = tensor(
      [
        [1, -0.5],
        [Infinity, 0.1],
      ],
      { dtype },
    );
    expect(x.toArray()).toEqual(x.astype('float64').toArray());
    expect(x.T.reshape([4]).slice(1).item()).toBe(Infinity);
    expect(concat([x, x]).astype('float32').shape).toEqual([4, 2]);
    expect(at(x, null, tensor([1], { dtype: 'int32' })).toArray()).toEqual(x.slice(null, [1, 2]).toArray());
    expect(decodeSafetensors(encodeSafetensors({ x })).tensors.get('x')!.toArray()).toEqual(x.toArray());
    expect(ones([2], { dtype }).toArray()).toEqual([1, 1]);
    expect([x.slice(0).astype('int32').dtype, finfo(dtype).bits]).toEqual(['int32', 16]);
    const refused = expect.objectContaining({ code: 'ERR_DTYPE' });
    const acts: (() => unknown)[] = [
      () => x.add(x),
      () => x.exp(),
      () => x.sum(),
      () => max(x),
      () => x.matmul(x),
      () => x.argmax(),
      () => x.less(x as Tensor),
    ];
    for (const act of acts) expect(act).toThrow(refused);
  });
});

test.each([
  ['float16', 65504, 0x7bff],
  ['float16', 65520, 0x7c00],
  ['float16', 2 ** -24, 1],
  ['float16', 2 ** -25, 0],
  ['float16', 1 / 3, 0x3555],
  ['bfloat16', 1, 0x3f80],
  ['bfloat16', 3.3895313892515355e38, 0x7f7f],
  ['bfloat16', Math.PI, 0x4049],
] as const)('%s of %d has the bits %d', (dtype, x, bits) => {
  expect(tensor([x], { dtype }).dataSync()).toEqual(Uint16Array.of(bits));
});
