// The safetensors format: eight bytes of header length, a JSON header, then the elements of all tensors, little-endian.
// https://huggingface.co/docs/safetensors. Nothing of what the header claims is trusted: all of it is checked against
// the bytes in hand before any tensor is allocated.

import { bytesOf, elementsOf } from './bytes.ts';
import { type DType, dtypes } from './dtype.ts';
import { CheckpointFormatError } from './errors.ts';
import { type Shape, sizeOf } from './shape.ts';
import { internals, Tensor } from './tensor.ts';

const FORMAT_NAMES = {
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
  float16: 'F16',
  bfloat16: 'BF16',
} as const satisfies Record<DType, string>;

/** The longest header that the format allows. */
const MAX_HEADER = 100_000_000;
const METADATA = '__metadata__';
const LENGTH_BYTES = 8;
/** Headers are padded so that the elements begin at a multiple of this. */
const ALIGNMENT = 8;

export interface Safetensors {
  readonly tensors: Map<string, Tensor>;
  readonly metadata: Record<string, string>;
}

/**
 * The bytes of a safetensors file that holds the given tensors by name.
 *
 * @example
 * import { decodeSafetensors, encodeSafetensors, tensor } from '@leibniz/tensor';
 * const bytes = encodeSafetensors({ w: tensor([[1, 2]]), step: tensor([7], { dtype: 'int32' }) }, { epoch: '3' });
 * const { tensors, metadata } = decodeSafetensors(bytes);
 * tensors.get('w').toArray(); // => [ [ 1, 2 ] ]
 * metadata.epoch; // => 3
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  // Wider elements first, so that every tensor is aligned; by name within a width, so that equal contents give equal bytes.
  const width = (x: Tensor) => dtypes[x.dtype].array.BYTES_PER_ELEMENT;
  const named = new Map<string, Tensor>(tensors instanceof Map ? tensors : Object.entries(tensors));
  const names = [...named.keys()].sort().sort((a, b) => width(named.get(b)!) - width(named.get(a)!));
  const header = new Map<string, unknown>(metadata === undefined ? [] : [[METADATA, metadata]]);
  let end = 0;
  const parts = names.map((name) => {
    const x = named.get(name)!;
    if (name === METADATA)
      throw new CheckpointFormatError(
        `Cannot save a tensor by the name ${METADATA}: the format keeps it for metadata`,
      );
    const start = end;
    end += x.size * width(x);
    header.set(name, { dtype: FORMAT_NAMES[x.dtype], shape: x.shape, data_offsets: [start, end] });
    return { start, data: bytesOf(internals.data(x)) };
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength);
  bytes.set(json, LENGTH_BYTES);
  for (const { start, data } of parts) bytes.set(data, LENGTH_BYTES + headerLength + start);
  return bytes;
}

/** The tensors and the metadata of a safetensors file; anything that the format does not allow is refused. */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { header, body } = split(bytes);
  const { [METADATA]: metadata = {}, ...rest } = header;
  const entries = Object.entries(rest).map(([name, value]) => expectEntry(name, value));
  expectCovered(entries, body.length);
  for (const entry of entries) expectElements(entry, body);
  const tensors = entries.map(({ name, dtype, shape, start, end }) => {
    const data = elementsOf(dtype, body.slice(start, end));
    return [name, new Tensor(shape, dtype, data)] as const;
  });
  return { tensors: new Map(tensors), metadata: expectMetadata(metadata) };
}

function refuse(why: string): never {
  throw new CheckpointFormatError(`Cannot read safetensors: ${why}`);
}

function split(bytes: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  if (bytes.length < LENGTH_BYTES) refuse(`${bytes.length} bytes are too few for the length of the header`);
  const claimed = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (claimed > MAX_HEADER) refuse(`its header claims ${claimed} bytes, more than the ${MAX_HEADER} allowed`);
  const end = LENGTH_BYTES + Number(claimed);
  if (end > bytes.length)
    refuse(`its header claims ${claimed} bytes, but ${bytes.length - LENGTH_BYTES} follow`);
  return { header: parsed(bytes.subarray(LENGTH_BYTES, end)), body: bytes.subarray(end) };
}

function parsed(json: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json);
    header = JSON.parse(text);
  } catch {
    return refuse('its header is not JSON in UTF-8');
  }
  if (!isRecord(header)) return refuse('its header is not a JSON object');
  expectDistinctKeys(text);
  return header;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON.parse keeps the last of equal keys without a word, so the (valid) text is scanned for them. */
function expectDistinctKeys(json: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < json.length; at++) {
    if (json[at] === '{') open.push(new Set());
    else if (json[at] === '}') open.pop();
    else if (json[at] === '"') {
      const start = at;
      for (at++; json[at] !== '"'; at++) if (json[at] === '\\') at++;
      let next = at + 1;
      while (' \t\n\r'.includes(json[next]!)) next++;
      if (json[next] !== ':') continue;
      const key = JSON.parse(json.slice(start, at + 1)) as string;
      if (open.at(-1)!.has(key)) refuse(`its header names ${JSON.stringify(key)} twice`);
      open.at(-1)!.add(key);
    }
  }
}

interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly start: number;
  readonly end: number;
}

function expectEntry(name: string, value: unknown): Entry {
  const named = JSON.stringify(name);
  if (!isRecord(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape') {
    return refuse(`the tensor ${named} is not described by dtype, shape and data_offsets alone`);
  }
  const dtype = (Object.keys(FORMAT_NAMES) as DType[]).find((type) => FORMAT_NAMES[type] === value.dtype);
  if (dtype === undefined)
    return refuse(`the tensor ${named} has the dtype ${JSON.stringify(value.dtype)}, which is not supported`);
  const { shape, data_offsets: offsets } = value;
  if (!isCounts(shape) || !Number.isSafeInteger(sizeOf(shape)))
    return refuse(`the tensor ${named} has no valid shape`);
  if (!isCounts(offsets) || offsets.length !== 2)
    return refuse(`the tensor ${named} has no valid data_offsets`);
  const [start, end] = offsets as [number, number];
  const needed = sizeOf(shape) * dtypes[dtype].array.BYTES_PER_ELEMENT;
  if (end - start !== needed)
    return refuse(`the tensor ${named} needs ${needed} bytes, but has those from ${start} to ${end}`);
  return { name, dtype, shape, start, end };
}

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);

/** The tensors must lie one after the other: no byte twice, none left over. */
function expectCovered(entries: readonly Entry[], length: number): void {
  let covered = 0;
  for (const { name, start, end } of entries.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered)
      refuse(
        `the tensor ${JSON.stringify(name)} begins at byte ${start}, expected ${covered}: there is ${start < covered ? 'an overlap' : 'a hole'}`,
      );
    covered = end;
  }
  if (covered !== length) refuse(`its tensors take ${covered} bytes, but it holds ${length}`);
}

function expectElements({ name, dtype, start, end }: Entry, body: Uint8Array): void {
  if (dtype === 'bool' && body.subarray(start, end).some((byte) => byte > 1)) {
    refuse(`the tensor ${JSON.stringify(name)} of booleans holds bytes other than 0 and 1`);
  }
}

function expectMetadata(metadata: unknown): Record<string, string> {
  if (isRecord(metadata) && Object.values(metadata).every((value) => typeof value === 'string')) {
    return metadata as Record<string, string>;
  }
  return refuse('its metadata are not texts by name');
}
