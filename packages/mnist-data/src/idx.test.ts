import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Idx, IdxFormatError, type IdxType, readIdx, writeIdx } from './index.ts';

/** One array of each type, with the bytes that the format prescribes for its elements. */
const ELEMENTS: Readonly<Record<IdxType, { code: number; data: Idx['data']; bytes: readonly number[] }>> = {
  uint8: { code: 0x08, data: Uint8Array.of(0, 255), bytes: [0, 255] },
  int8: { code: 0x09, data: Int8Array.of(-1, 127), bytes: [0xff, 0x7f] },
  int16: { code: 0x0b, data: Int16Array.of(-2, 258), bytes: [0xff, 0xfe, 1, 2] },
  int32: { code: 0x0c, data: Int32Array.of(-2, 0x01020304), bytes: [0xff, 0xff, 0xff, 0xfe, 1, 2, 3, 4] },
  float32: { code: 0x0d, data: Float32Array.of(1, -2), bytes: [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0] },
  float64: {
    code: 0x0e,
    data: Float64Array.of(1, -2),
    bytes: [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0],
  },
};
const TYPES = Object.keys(ELEMENTS) as IdxType[];
const CODES = new Set(TYPES.map((type) => ELEMENTS[type].code));

describe.each(TYPES)('%s', (type) => {
  const { code, data, bytes } = ELEMENTS[type];
  const file = Uint8Array.of(0, 0, code, 1, 0, 0, 0, 2, ...bytes);

  test('is read as the format prescribes', () => {
    expect(readIdx(file)).toEqual({ type, shape: [2], data });
  });

  test('is written as the format prescribes', () => {
    expect(writeIdx({ type, shape: [2], data } as Idx)).toEqual(file);
  });

  test('any shape and any bits come back, from any offset in a buffer', () => {
    fc.assert(
      fc.property(anyIdx(type), fc.nat(9), (idx, offset) => {
        const written = writeIdx(idx);
        const shifted = new Uint8Array(written.length + offset);
        shifted.set(written, offset);
        const read = readIdx(shifted.subarray(offset));
        expect(read.shape).toEqual(idx.shape);
        expect(read.type).toBe(type);
        expect(bits(read)).toEqual(bits(idx));
      }),
    );
  });

  test('no prefix of a file is read, nor a file with anything after it', () => {
    const whole = writeIdx({ type, shape: [2, 1, 1], data } as Idx);
    for (let n = 0; n < whole.length; n++)
      expect(() => readIdx(whole.subarray(0, n))).toThrow(IdxFormatError);
    expect(() => readIdx(Uint8Array.of(...whole, 0))).toThrow(IdxFormatError);
  });
});

/** Arrays of one type, of rank 1 to 4, with elements of random bits: NaNs with payloads among them. */
function anyIdx(type: IdxType): fc.Arbitrary<Idx> {
  const shapes = fc.array(fc.nat(4), { minLength: 1, maxLength: 4 });
  return shapes.chain((shape) => {
    const { data } = ELEMENTS[type];
    const size = shape.reduce((product, n) => product * n, 1) * data.BYTES_PER_ELEMENT;
    const raw = fc.uint8Array({ minLength: size, maxLength: size });
    const toData = data.constructor as new (buffer: ArrayBuffer) => Idx['data'];
    return raw.map((bytes) => ({ type, shape, data: new toData(new Uint8Array(bytes).buffer) }) as Idx);
  });
}

const bits = ({ data }: Idx) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

test('what is read is a copy', () => {
  const bytes = Uint8Array.of(0, 0, 0x08, 1, 0, 0, 0, 1, 7);
  const { data } = readIdx(bytes);
  bytes[8] = 0;
  expect(data[0]).toBe(7);
});

test('of all types and ranks that a header can name, only those of the format are read', () => {
  for (let code = 0; code < 256; code++) {
    for (let rank = 0; rank < 256; rank++) {
      const empty = new Uint8Array(4 + 4 * rank);
      empty.set([0, 0, code, rank]);
      if (CODES.has(code) && rank > 0) expect(readIdx(empty).shape.length).toBe(rank);
      else expect(() => readIdx(empty)).toThrow(IdxFormatError);
    }
  }
});

const MAX = [0xff, 0xff, 0xff, 0xff];

describe('bytes that are not IDX are refused, and the field is named', () => {
  test.each([
    { field: 'magic', name: 'nothing at all', bytes: [] },
    { field: 'magic', name: 'gzip', bytes: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0] },
    { field: 'magic', name: 'a page of HTML', bytes: [...new TextEncoder().encode('<!DOCTYPE html>')] },
    { field: 'type', name: 'an unknown type', bytes: [0, 0, 0x0a, 1, 0, 0, 0, 0] },
    { field: 'type', name: 'no type', bytes: [0, 0] },
    { field: 'rank', name: 'a rank of 0', bytes: [0, 0, 8, 0] },
    { field: 'rank', name: 'no rank', bytes: [0, 0, 8] },
    { field: 'shape', name: 'a dimension cut short', bytes: [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0] },
    { field: 'data', name: 'a byte too few', bytes: [0, 0, 8, 1, 0, 0, 0, 2, 7] },
    { field: 'data', name: 'a byte too many', bytes: [0, 0, 8, 1, 0, 0, 0, 2, 7, 8, 9] },
    { field: 'data', name: '32 GiB of doubles that are not there', bytes: [0, 0, 14, 1, ...MAX] },
    { field: 'data', name: 'a product past 2^53', bytes: [0, 0, 8, 3, ...MAX, ...MAX, ...MAX] },
    {
      field: 'data',
      name: 'a product of 2^64, which wraps to 0',
      bytes: [0, 0, 8, 4, ...Array(4).fill([0, 1, 0, 0]).flat()],
    },
  ])('$name', ({ field, bytes }) => {
    expect(() => readIdx(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ name: 'IdxFormatError', code: 'ERR_IDX_FORMAT', field }),
    );
  });

  test('the message says what is there and what should be', () => {
    const cut = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28, 1, 2, 3);
    expect(() => readIdx(cut)).toThrow(
      'Cannot read IDX: its data must be 1568 bytes (2 x 28 x 28 of uint8), not 3 bytes',
    );
  });
});

test('whatever is changed in a file, it is read whole or refused by name', () => {
  const file = writeIdx({ type: 'int16', shape: [2, 3], data: Int16Array.of(1, 2, 3, 4, 5, 6) });
  const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(file.length), (changes, length) => {
      const mutant = file.slice(0, length === 0 ? file.length : length);
      for (const [at, value] of changes) mutant[at] = value;
      try {
        expect(writeIdx(readIdx(mutant))).toEqual(mutant);
      } catch (error) {
        if (!(error instanceof IdxFormatError)) throw error;
      }
    }),
    { numRuns: 5_000 },
  );
});

describe('what IDX cannot hold is not written', () => {
  const data = Uint8Array.of(1, 2);
  test.each([
    { field: 'type', idx: { type: 'uint16', shape: [2], data } },
    { field: 'type', idx: { type: 'toString', shape: [2], data } },
    { field: 'data', idx: { type: 'int8', shape: [2], data } },
    { field: 'data', idx: { type: 'uint8', shape: [2], data: [1, 2] } },
    { field: 'data', idx: { type: 'uint8', shape: [3], data } },
    { field: 'rank', idx: { type: 'uint8', shape: [], data } },
    { field: 'rank', idx: { type: 'uint8', shape: new Array(256).fill(1), data } },
    { field: 'shape', idx: { type: 'uint8', shape: [-2, -1], data } },
    { field: 'shape', idx: { type: 'uint8', shape: [0.5, 4], data } },
    { field: 'shape', idx: { type: 'uint8', shape: [2 ** 32, 0], data: new Uint8Array() } },
    { field: 'shape', idx: { type: 'uint8', shape: [Number.NaN], data } },
  ])('$idx.type of shape $idx.shape: its $field', ({ field, idx }) => {
    expect(() => writeIdx(idx as Idx)).toThrow(expect.objectContaining({ name: 'IdxFormatError', field }));
  });
});
