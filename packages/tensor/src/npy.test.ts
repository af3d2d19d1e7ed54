import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz, ones, type Tensor, tensor } from './index.ts';

interface Fixture {
  readonly arrays: Record<string, { bytes: string; shape: number[]; elements: string[] }>;
  readonly npz: string;
  readonly compressed: string;
}

const fixture = JSON.parse(readFileSync(new URL('../fixtures/npy.json', import.meta.url), 'utf8')) as Fixture;
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
const numberOf = (text: string) => Number(text.replace('inf', 'Infinity'));
const elements = (x: Tensor) => [x.toArray()].flat(9) as (number | boolean)[];
const refused = expect.objectContaining({ code: 'ERR_CHECKPOINT_FORMAT' });

const UNKNOWN = ['int64', 'complex'];
const READ_ONLY = ['fortran', 'bigEndian'];
const known = Object.keys(fixture.arrays).filter((name) => !UNKNOWN.includes(name));

describe('what NumPy writes', () => {
  test.each(known)('%s is read', (name) => {
    const { bytes, shape, elements: expected } = fixture.arrays[name]!;
    const x = decodeNpy(bytesOf(bytes));
    expect([x.shape, elements(x).map(Number)]).toEqual([shape, expected.map(numberOf)]);
  });

  test.each(known.filter((name) => !READ_ONLY.includes(name)))(
    '%s is written byte by byte as NumPy does',
    (name) => {
      const bytes = bytesOf(fixture.arrays[name]!.bytes);
      expect(encodeNpy(decodeNpy(bytes))).toEqual(bytes);
    },
  );

  test.each(UNKNOWN)('%s is refused', (name) => {
    expect(() => decodeNpy(bytesOf(fixture.arrays[name]!.bytes))).toThrow(refused);
  });

  test('.npz is read; compressed, it is refused', () => {
    const tensors = decodeNpz(bytesOf(fixture.npz));
    expect([...tensors.keys()]).toEqual(['w', 'b']);
    expect([tensors.get('w')!.shape, tensors.get('b')!.toArray()]).toEqual([
      [2, 3],
      [0, 1, 2, 3, 4],
    ]);
    expect(() => decodeNpz(bytesOf(fixture.compressed))).toThrow('is compressed; save it with numpy.savez');
  });
});

test.each([2, 3])('version %d, of longer headers, is read', (version) => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  const first = encodeNpy(x);
  const length = first[8]! + 256 * first[9]!;
  const bytes = Uint8Array.of(
    ...first.subarray(0, 6),
    version,
    0,
    length % 256,
    length >> 8,
    0,
    0,
    ...first.subarray(10),
  );
  expect(decodeNpy(bytes).toArray()).toEqual(x.toArray());
  expect(() => decodeNpy(bytes.with(6, 4))).toThrow('its version is 4, and 1 to 3 are known');
  for (let end = 0; end < bytes.length; end++)
    expect(() => decodeNpy(bytes.subarray(0, end))).toThrow(refused);
});

test('headers end at the next multiple of 64, whatever their length', () => {
  for (let rank = 0; rank < 40; rank++) {
    const bytes = encodeNpy(ones(new Array<number>(rank).fill(1)));
    const start = bytes.length - 4;
    const text = String.fromCharCode(...bytes.subarray(0, start));
    expect([start % 64, text.at(-1)]).toEqual([0, '\n']);
    expect(start - text.trimEnd().length).toBeLessThanOrEqual(64);
  }
});

test('archives bear the first date there is, so that equal tensors give equal bytes', () => {
  const archive = encodeNpz({ a: tensor([1]) });
  expect([...archive.subarray(10, 14)]).toEqual([0, 0, 0x21, 0]);
});

test('booleans other than 0 and 1 are refused', () => {
  const bytes = encodeNpy(tensor([true, false]));
  expect(() => decodeNpy(bytes.with(bytes.length - 1, 2))).toThrow('it holds booleans other than 0 and 1');
});

test('tensors come back from .npz', () => {
  const tensors = {
    a: tensor([
      [1, 2],
      [3, 4],
    ]),
    'b.é': tensor([true]),
    c: tensor([], { dtype: 'float64' }),
  };
  const back = decodeNpz(encodeNpz(tensors));
  expect([...back].map(([name, x]) => [name, x.dtype, x.shape, x.toArray()])).toEqual(
    Object.entries(tensors).map(([name, x]) => [name, x.dtype, x.shape, x.toArray()]),
  );
  expect(encodeNpz(tensors)).toEqual(encodeNpz(back));
});

test('bfloat16 has no name in NumPy', () => {
  expect(() => encodeNpy(tensor([1], { dtype: 'bfloat16' }))).toThrow(
    expect.objectContaining({ code: 'ERR_DTYPE' }),
  );
});

describe('no damage goes unnoticed', () => {
  const whole = encodeNpy(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  const archive = encodeNpz({ a: tensor([1, 2]), b: tensor([3]) });

  test('of files cut short, or too long', () => {
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeNpy(whole.subarray(0, length))).toThrow(refused);
    expect(() => decodeNpy(Uint8Array.of(...whole, 0))).toThrow(refused);
    for (let length = 0; length < archive.length; length++)
      expect(() => decodeNpz(archive.subarray(0, length))).toThrow(refused);
  });

  test('of any byte of a header: refused, or another type, order or shape of as many bytes', () => {
    for (let at = 0; at < whole.length - 16; at++) {
      for (const flip of [1, 0x20, 0xff]) {
        const damaged = whole.with(at, whole[at]! ^ flip);
        try {
          expect(decodeNpy(damaged).dataSync().byteLength).toBe(16);
        } catch (error) {
          expect(error).toEqual(refused);
        }
      }
    }
  });

  test('of any byte of the members of an archive', () => {
    const start = archive.length - 22 - 2 * (46 + 5);
    for (let at = start - 4; at < start; at++)
      expect(() => decodeNpz(archive.with(at, archive[at]! ^ 1))).toThrow('is damaged');
    for (let at = 0; at < archive.length; at++) {
      try {
        decodeNpz(archive.with(at, archive[at]! ^ 0x11));
      } catch (error) {
        expect(error).toEqual(refused);
      }
    }
  });

  test('of members left out of the directory, and of sizes that reach into it', () => {
    const single = encodeNpz({ a: tensor([1]) });
    const end = single.length - 22;
    const entry = end - 46 - 'a.npy'.length;
    const forgotten = single.with(end + 8, 0).with(end + 10, 0);
    expect(() => decodeNpz(forgotten)).toThrow('there are bytes in it that belong to nothing');
    expect(() => decodeNpz(single.with(entry + 24, single[entry + 24]! + 1))).toThrow(
      'claims 133 bytes, but 132 follow',
    );
  });

  test.each([
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", 'its shape is'],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000,), }", 'takes 16000000000'],
    ["{'descr': '|O8', 'fortran_order': False, 'shape': (2,), }", 'its type is |O8'],
    ["{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 'not that of an array of numbers'],
  ])('of %s', (header, message) => {
    const text = `\x93NUMPY\x01\x00${String.fromCharCode(117 + 1, 0)}${header.padEnd(117)}\n`;
    const bytes = Uint8Array.from([...text].map((c) => c.charCodeAt(0)));
    expect(() => decodeNpy(bytes)).toThrow(message);
  });
});
