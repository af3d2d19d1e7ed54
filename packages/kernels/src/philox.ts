// Philox4x32-10: a counter through ten rounds of multiplication and exclusive or, so that any block of a stream can be
// made alone. J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
// Four counters go through it together, one in each lane.

import {
  type Code,
  get,
  increase,
  type Local,
  loop,
  type Operand,
  op,
  set,
  shuffle,
  store,
  vector128,
} from './assembler.ts';
import { floats } from './dtype.ts';
import { KernelError } from './errors.ts';
import { layout } from './heap.ts';
import { instantiate, type Kernel, memory } from './memory.ts';
import { transposed } from './packing.ts';

export const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
export const WEYL = [0x9e3779b9, 0xbb67ae85] as const;
export const ROUNDS = 10;

/** 64 bits that tell streams apart, as two words. */
export type PhiloxKey = readonly [number, number];

/** Bytes of the words of four counters. */
const GROUP = 64;

/** Groups that are made before they are copied out. */
const MOST_GROUPS = 1 << 12;

const LOWER = [0, 8, 16, 24].flatMap((first) => [first, first + 1, first + 2, first + 3]);
const UPPER = LOWER.map((byte) => byte + 4);

let kernel: Kernel | undefined;

/** run(to, groups, low, high, key, key): the words of four counters at a time, from the one with these two words on. */
function compiled(): Kernel {
  kernel ??= instantiate([
    {
      name: 'philox',
      params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
      body: (local, [to, groups, low, high, ...keys]) => {
        const [first, even, odd, next] = [local('v128'), local('v128'), local('v128'), local('v128')];
        const [c0, c1, c2, c3] = [local('v128'), local('v128'), local('v128'), local('v128')];
        const key = WEYL.map(() => local('i32'));
        const splat = (word: Operand) => op('i32x4.splat', word);
        const zero = vector128(0, 0, 0, 0);
        /** Both words of the products of a word of the counters: the upper one is mixed, the lower one is as it is. */
        const multiplied = (which: 0 | 1, counter: Local, mixed: Local, lower: Local): Code => {
          const factor = vector128(...(new Array<number>(4).fill(MULTIPLIERS[which]) as Lanes));
          return [
            set(even, op('i64x2.extmul_low_i32x4_u', counter, factor)),
            set(odd, op('i64x2.extmul_high_i32x4_u', counter, factor)),
            set(
              mixed,
              op('v128.xor', op('v128.xor', shuffle(UPPER, even, odd), mixed), splat(key[1 - which]!)),
            ),
            set(lower, shuffle(LOWER, even, odd)),
          ];
        };
        // The words trade places in each round: 0 is made of 2 and 1, 2 of 0 and 3.
        const round: Code = [
          multiplied(0, c0, c3, c0),
          multiplied(1, c2, c1, c2),
          [set(next, get(c0)), set(c0, get(c1)), set(c1, get(c2)), set(c2, get(c3)), set(c3, get(next))],
          key.map((word, at) => increase(word, WEYL[at]! | 0)),
        ];
        return [
          set(first, op('i32x4.add', splat(low!), vector128(0, 1, 2, 3))),
          loop(local('i32'), 0, groups!, 1, [
            [set(c0, get(first)), set(c1, splat(high!)), set(c2, zero), set(c3, zero)],
            key.map((word, at) => set(word, get(keys[at]!))),
            new Array<Code>(ROUNDS).fill(round),
            transposed(floats.float32, [c0, c1, c2, c3]).map((block, at) =>
              store('v128.store', to!, block, 16 * at),
            ),
            increase(to!, GROUP),
            set(first, op('i32x4.add', first, splat(4))),
          ]),
        ];
      },
    },
  ]).philox;
  return kernel;
}

type Lanes = [number, number, number, number];

/**
 * Writes the random words of the blocks of a stream from one on, four words for each, under a key. A block is a number
 * below 2⁵³.
 *
 * @throws KernelError with the code `ERR_KERNEL_LENGTH` if the words are not whole blocks.
 * @example
 * import { philox } from '@leibniz/kernels';
 * const words = philox(new Uint32Array(8), 0, [42, 0]);
 * philox(new Uint32Array(4), 1, [42, 0]).toString() === words.subarray(4).toString(); // => true
 */
export function philox(words: Uint32Array, block: number, key: PhiloxKey): Uint32Array {
  if (words.length % 4 !== 0) {
    throw new KernelError('length', `Cannot write blocks of 4 random words to ${words.length} elements`);
  }
  const run = compiled();
  for (let at = 0; at < words.length; ) {
    const number = block + at / 4;
    const low = number % 2 ** 32;
    // The lower word of the counters must not wrap around on the way.
    const blocks = Math.min((words.length - at) / 4, 2 ** 32 - low, 4 * MOST_GROUPS);
    const groups = Math.ceil(blocks / 4);
    const [address] = layout(groups * GROUP) as [number];
    run(address, groups, low, Math.floor(number / 2 ** 32), ...key);
    words.set(new Uint32Array(memory().buffer, address, 4 * blocks), at);
    at += 4 * blocks;
  }
  return words;
}
