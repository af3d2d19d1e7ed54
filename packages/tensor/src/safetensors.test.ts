import { describe, expect, test } from 'vitest';
import {
  CheckpointFormatError,
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
  tensor,
  zeros,
} from './index.ts';

/** A file of this header text and this many bytes of elements. */
function file(header: unknown, body: number | Uint8Array = 0, claimed?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const elements = typeof body === 'number' ? new Uint8Array(body) : body;
  const bytes = new Uint8Array(8 + json.length + elements.length);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(elements, 8 + json.length);
  return bytes;
}

const F32 = (shape: unknown, ...data_offsets: unknown[]) => ({ dtype: 'F32', shape, data_offsets });

describe('safetensors', () => {
  const tensors = {
    weights: tensor([
      [1, -0, Number.NaN],
      [Infinity, 1e-45, 3],
    ]),
    doubles: tensor(Float64Array.of(Math.PI, 5e-324)),
    counts: tensor([1, -(2 ** 31)], { dtype: 'int32' }),
    bytes: tensor(Uint8Array.of(0, 255, 7)),
    flags: tensor([true, false]),
    scalar: tensor(2),
    nothing: zeros([0, 3]),
    ['__proto__']: tensor(1),
    'ключ "1"\\': tensor(1),
    'x":': tensor(1),
  };

  test('come back as they were, from any offset of a buffer', () => {
    const bytes = encodeSafetensors(tensors, { epoch: '3', again: '3', __proto__x: '' });
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    const { tensors: back, metadata } = decodeSafetensors(shifted);
    expect(metadata).toEqual({ epoch: '3', again: '3', __proto__x: '' });
    expect([...back.keys()].sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, x] of Object.entries(tensors)) {
      expect([back.get(name)!.shape, back.get(name)!.dtype, back.get(name)!.dataSync()]).toEqual([
        x.shape,
        x.dtype,
        x.dataSync(),
      ]);
    }
  });

  test('have the same bytes whatever the order: the wider elements first, then by name', () => {
    const entries: [string, Tensor][] = [
      ['B', tensor([1])],
      ['a', tensor([2])],
      ['b', tensor([3], { dtype: 'float64' })],
      ['c', tensor([true])],
      ['d', tensor([4])],
    ];
    const bytes = encodeSafetensors(new Map(entries));
    for (let i = 0; i < entries.length; i++) {
      entries.unshift(entries.pop()!);
      expect(encodeSafetensors(new Map(entries))).toEqual(bytes);
      expect(encodeSafetensors(Object.fromEntries(entries.toReversed()))).toEqual(bytes);
    }
    const header = new TextDecoder().decode(bytes.subarray(8, bytes.length - 21));
    expect(Object.keys(JSON.parse(header))).toEqual(['b', 'B', 'a', 'd', 'c']);
  });

  test('have elements that begin at the next multiple of 8', () => {
    for (let length = 1; length < 20; length++) {
      const bytes = encodeSafetensors({ ['x'.repeat(length)]: tensor([1]) });
      const start = bytes.length - 4;
      const header = new TextDecoder().decode(bytes.subarray(8, start));
      expect(start % 8).toBe(0);
      expect(header.length - header.trimEnd().length).toBeLessThan(8);
    }
  });

  test('are read in whatever order the header names them, empty ones between others', () => {
    const body = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
    const header = { b: F32([1], 4, 8), none: F32([0], 4, 4), c: F32([1], 8, 12), a: F32([1], 0, 4) };
    const { tensors } = decodeSafetensors(file(header, body));
    expect([...tensors].map(([name, x]) => [name, x.toArray()])).toEqual([
      ['b', [2]],
      ['none', []],
      ['c', [3]],
      ['a', [1]],
    ]);
  });

  test('of nothing', () => {
    expect(decodeSafetensors(encodeSafetensors({}))).toEqual({ tensors: new Map(), metadata: {} });
    expect(() => encodeSafetensors({ __metadata__: tensor(1) })).toThrow(CheckpointFormatError);
  });

  test.each<[string, Uint8Array]>([
    ['7 bytes are too few for the length of the header', new Uint8Array(7)],
    [
      'its header claims 18446744073709551615 bytes, more than the 100000000 allowed',
      file('{}', 0, 2n ** 64n - 1n),
    ],
    ['its header claims 3 bytes, but 2 follow', file('{}', 0, 3n)],
    ['its header is not JSON in UTF-8', file('')],
    ['its header is not JSON in UTF-8', file('{')],
    ['its header is not JSON in UTF-8', file('\uFEFF{}')],
    ['its header is not JSON in UTF-8', file('', Uint8Array.of(0x22, 0xff, 0x22), 3n)],
    ['its header is not a JSON object', file('[]')],
    [
      'its header names "a" twice',
      file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"\\u0061" : 1}', 4),
    ],
    [
      'its header names "shape" twice',
      file('{"a":{"dtype":"F32","shape":[9],"shape":[],"data_offsets":[0,4]}}', 4),
    ],
    ['the tensor "a" is not described by dtype, shape and data_offsets alone', file({ a: 1 })],
    [
      'the tensor "a" is not described by dtype, shape and data_offsets alone',
      file({ a: { ...F32([], 0, 4), x: 1 } }, 4),
    ],
    [
      'the tensor "a" has the dtype "F8_E4M3", which is not supported',
      file({ a: { ...F32([1], 0, 2), dtype: 'F8_E4M3' } }, 2),
    ],
    ['the tensor "a" has no valid shape', file({ a: F32([-1], 0, 4) }, 4)],
    ['the tensor "a" has no valid shape', file({ a: F32([2 ** 40, 2 ** 40], 0, 4) }, 4)],
    ['the tensor "a" has no valid data_offsets', file({ a: F32([1], 0, 4, 8) }, 4)],
    ['the tensor "a" has no valid data_offsets', file({ a: F32([1], 0.5, 4.5) }, 5)],
    ['the tensor "a" needs 4 bytes, but has those from 0 to 8', file({ a: F32([1], 0, 8) }, 8)],
    [
      'the tensor "a" needs 1099511627776 bytes, but has those from 0 to 4',
      file({ a: F32([2 ** 38], 0, 4) }, 4),
    ],
    [
      'the tensor "b" begins at byte 2, expected 4: there is an overlap',
      file({ a: F32([1], 0, 4), b: F32([1], 2, 6) }, 6),
    ],
    [
      'the tensor "b" begins at byte 8, expected 4: there is a hole',
      file({ a: F32([1], 0, 4), b: F32([1], 8, 12) }, 12),
    ],
    ['its tensors take 4 bytes, but it holds 5', file({ a: F32([1], 0, 4) }, 5)],
    [
      'the tensor "a" of booleans holds bytes other than 0 and 1',
      file({ a: { dtype: 'BOOL', shape: [1], data_offsets: [0, 1] } }, Uint8Array.of(2)),
    ],
    ['its metadata are not texts by name', file({ __metadata__: { a: 1 } })],
  ])('%s', (why, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow(
      new CheckpointFormatError(`Cannot read safetensors: ${why}`),
    );
  });

  test('cut off anywhere are refused', () => {
    const bytes = encodeSafetensors({ a: tensor([1, 2]), b: tensor([true]) });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(CheckpointFormatError);
    }
  });
});
