import { expect, test } from 'vitest';
import { type PhiloxKey, philox } from './philox.ts';
import * as reference from './reference.ts';

type Block = readonly [number, number, number, number];

// The known answers of the Random123 distribution, file kat_vectors.
test.each<{ counter: Block; key: PhiloxKey; words: Block }>([
  { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
])('the reference of philox, of $counter under $key', ({ counter, key, words }) => {
  expect(reference.philox(counter, key)).toEqual(words);
});

test.each<{ block: number; blocks: number; key: PhiloxKey }>([
  { block: 0, blocks: 0, key: [1, 2] },
  { block: 0, blocks: 1, key: [0, 0] },
  { block: 5, blocks: 3, key: [0xa4093822, 0x299f31d0] },
  { block: 0, blocks: 4, key: [0xffffffff, 0xffffffff] },
  { block: 7, blocks: 21, key: [42, 0] },
  { block: 2 ** 32 - 6, blocks: 13, key: [3, 0x80000000] },
  { block: 2 ** 53 - 9, blocks: 8, key: [3, 4] },
  { block: 2 ** 33 + 1, blocks: 16_390, key: [9, 8] },
])('philox is its reference for $blocks blocks from $block on', ({ block, blocks, key }) => {
  const right = Array.from({ length: blocks }, (_, at) => {
    const number = block + at;
    return reference.philox([number % 2 ** 32, Math.floor(number / 2 ** 32), 0, 0], key);
  });
  const words = new Uint32Array(4 * blocks + 2).fill(7);
  philox(words.subarray(1, -1), block, key);
  expect([...words]).toEqual([7, ...right.flat(), 7]);
});

test('blocks that are not whole are refused', () => {
  const refused = expect.objectContaining({ code: 'ERR_KERNEL_LENGTH' });
  expect(() => philox(new Uint32Array(6), 0, [0, 0])).toThrow(refused);
});
