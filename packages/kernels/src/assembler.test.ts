import { expect, test } from 'vitest';
import { call, type FunctionSpec, increase, load, loop, set, signed, store, unsigned } from './assembler.ts';
import { layout, view } from './heap.ts';
import { instantiate } from './memory.ts';

const bytesOf = (text: string) => Array.from(text, (character) => character.charCodeAt(0));

test.each([
  [0, [0]],
  [127, [127]],
  [128, [0x80, 1]],
  [624485, [0xe5, 0x8e, 0x26]],
  [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
])('%d is unsigned LEB128 %j', (n, bytes) => expect(bytesOf(unsigned(n))).toEqual(bytes));

test.each([
  [0, [0]],
  [63, [63]],
  [64, [0xc0, 0]],
  [-1, [0x7f]],
  [-64, [0x40]],
  [-65, [0xbf, 0x7f]],
  [-123456, [0xc0, 0xbb, 0x78]],
  [2 ** 31 - 1, [0xff, 0xff, 0xff, 0xff, 0x07]],
])('%d is signed LEB128 %j', (n, bytes) => expect(bytesOf(signed(n))).toEqual(bytes));

test('a module adds up squares of memory through an imported function', () => {
  const sumSquares = {
    name: 'sumSquares',
    params: ['i32', 'i32'],
    body: (local, [at, count]) => {
      const [i, sum] = [local('i32'), local('f64')];
      return [
        loop(i, 0, count!, 1, [set(sum, call(0, sum, load('f64.load', at!))), increase(at!, 8)]),
        store('f64.store', at!, sum),
      ];
    },
  } as const satisfies FunctionSpec;
  const value = (sum: number, x: number) => sum + x * x;
  const kernel = instantiate([sumSquares], [{ name: 'addSquare', arity: 2, value }]);
  const [address] = layout(32) as [number];
  const values = view(new Float64Array(), address, 4);
  values.set([1, 2, 3]);
  kernel.sumSquares(address, 3);
  expect(values[3]).toBe(14);
});
