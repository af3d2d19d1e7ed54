import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz, ones, type Tensor, tensor } from './index.ts';
import { unzipped, zipped } from './zip.ts';

interface Fixture {
  readonly arrays: Record<string, { bytes: string; shape: number[]; elements: string[] }>;
  readonly npz: string;
  readonly compressed: string;
  readonly archive: string;
  readonly annotated: string;
}

const fixture = JSON.parse(readFileSync(new URL('../fixtures/npy.json', import.meta.url), 'utf8')) as Fixture;
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
const numberOf = (text: string) => Number(text.replace('inf', 'Infinity'));
const elements = (x: Tensor) => [x.toArray()].flat(9) as (number | boolean)[];
const refused = expect.objectContaining({ code: 'ERR_CHECKPOINT_FORMAT' });

const increased = (bytes: Uint8Array, at: number) => bytes.with(at, bytes[at]! + 1);

const widened = (bytes: Uint8Array, at: number) =>
  Uint8Array.of(...bytes.subarray(0, at), 7, ...bytes.subarray(at));

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

  test("archives are written byte by byte as Python's zipfile does", () => {
    const bytes = bytesOf(fixture.archive);
    const tensors = decodeNpz(bytes);
    expect([...tensors].map(([name, x]) => [name, x.shape])).toEqual([
      ['é', [2, 3]],
      ['ü', [2]],
    ]);
    expect(encodeNpz(tensors)).toEqual(bytes);
  });

  test('members with notes are read like others', () => {
    const [annotated, plain] = [fixture.annotated, fixture.npz].map((text) => decodeNpz(bytesOf(text)));
    expect([...annotated!].map(([name, x]) => [name, x.toArray()])).toEqual(
      [...plain!].map(([name, x]) => [name, x.toArray()]),
    );
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
  for (let rank = 0; rank < 120; rank++) {
    const shape = new Array<number>(rank).fill(1);
    const bytes = encodeNpy(ones(shape));
    expect(decodeNpy(bytes).shape).toEqual(shape);
    const start = bytes.length - 4;
    const text = String.fromCharCode(...bytes.subarray(0, start));
    expect([start % 64, text.at(-1)]).toEqual([0, '\n']);
    expect(start - text.trimEnd().length).toBeLessThanOrEqual(64);
  }
});

test('archives hold 65,535 tensors, by names of as many bytes, and no more', () => {
  const NOTHING = new Uint8Array();
  const most = 2 ** 16 - 1;
  const many = Array.from({ length: most + 1 }, (_, i) => [`${i}`, NOTHING] as const);
  expect(() => zipped(many)).toThrow('Cannot write .npz: 65536 does not fit into 2 bytes');
  for (const name of ['', 'x'.repeat(most)])
    expect([...unzipped(zipped([[name, NOTHING]])).keys()]).toEqual([name]);
  expect(() => zipped([['x'.repeat(most + 1), NOTHING]])).toThrow(refused);
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
    expect(() => decodeNpy(increased(whole, 0))).toThrow('it does not begin as such a file does');
    expect(() => decodeNpy(whole.subarray(0, 20))).toThrow('its header claims 118 bytes, but 10 follow');
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

  describe('of the directory of an archive:', () => {
    const single = encodeNpz({ a: tensor([1]) });
    const end = single.length - 22;
    const entry = end - 46 - 'a.npy'.length;
    const endOfTwo = archive.length - 22;
    const second = endOfTwo - 46 - 'b.npy'.length;
    test.each<[string, string, Uint8Array]>([
      ['a member left out', 'bytes in it that belong to nothing', single.with(end + 8, 0).with(end + 10, 0)],
      [
        'bytes behind the members',
        'bytes in it that belong to nothing',
        increased(widened(single, entry), end + 1 + 16),
      ],
      ['bytes behind the directory', 'bytes in it that belong to nothing', widened(single, end)],
      ['a member too long', 'claims 133 bytes, but 132 follow', increased(single, entry + 24)],
      ['a header too long', 'claims 132 bytes, but 131 follow', increased(single, 28)],
      ['a header far too long', 'claims 132 bytes, but 0 follow', increased(single, 29)],
      ['a member that begins later', 'begins at byte 1, expected 0', increased(single, entry + 42)],
      ['a name twice', 'it names "a.npy" twice', archive.with(second + 46, 'a'.charCodeAt(0))],
    ])('%s', (_, message, bytes) => expect(() => decodeNpz(bytes)).toThrow(message));

    test('another place of it', () => {
      for (let at = 0; at < single.length + 50; at++) {
        if (at === entry) continue;
        const moved = single.with(end + 16, at % 256).with(end + 17, at >> 8);
        expect(() => decodeNpz(moved)).toThrow(refused);
      }
    });
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
