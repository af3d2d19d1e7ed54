// ZIP files whose members are stored as they are. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { CheckpointFormatError } from './errors.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_LENGTH = 22;
const CENTRAL_LENGTH = 46;
const LOCAL_LENGTH = 30;
/** The least date there is, so that equal contents give equal bytes. */
const FIRST_OF_JANUARY_1980 = 0x21;
const UTF8 = 0x800;

const refuse = (why: string): never => {
  throw new CheckpointFormatError(`Cannot read .npz: ${why}`);
};

const CRCS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRCS[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

/** Little-endian numbers of 2 and 4 bytes, one after the other, all of which must fit. */
function record(...fields: readonly (readonly [width: 2 | 4, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (value >= 2 ** (8 * width))
      throw new CheckpointFormatError(
        `Cannot write .npz: ${value} does not fit into ${width} bytes; at most 4 GiB, 65,535 tensors and as many bytes of a name do; use safetensors`,
      );
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

/** What the header of a member and its entry in the directory have in common. */
const facts = (name: Uint8Array, body: Uint8Array) =>
  [
    [2, 20],
    [2, UTF8],
    [2, 0],
    [2, 0],
    [2, FIRST_OF_JANUARY_1980],
    [4, crc32(body)],
    [4, body.length],
    [4, body.length],
    [2, name.length],
    [2, 0],
  ] as const;

export function zipped(members: readonly (readonly [name: string, body: Uint8Array])[]): Uint8Array {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let start = 0;
  let length = 0;
  for (const [text, body] of members) {
    const name = new TextEncoder().encode(text);
    const about = facts(name, body);
    const entry = record([4, CENTRAL], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, start]);
    directory.push(entry, name);
    length += entry.length + name.length;
    const header = record([4, LOCAL], ...about);
    files.push(header, name, body);
    start += header.length + name.length + body.length;
  }
  const end = record(
    [4, END],
    [2, 0],
    [2, 0],
    [2, members.length],
    [2, members.length],
    [4, length],
    [4, start],
    [2, 0],
  );
  const bytes = new Uint8Array(start + length + end.length);
  let at = 0;
  for (const part of [...files, ...directory, end]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The members by name, as views of the bytes. */
export function unzipped(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - END_LENGTH;
  if (end < 0 || view.getUint32(end, true) !== END)
    refuse('it does not end as a ZIP file without a comment does');
  const count = view.getUint16(end + 10, true);
  const members = new Map<string, Uint8Array>();
  const directory = view.getUint32(end + 16, true);
  let at = directory;
  let covered = 0;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_LENGTH > end || view.getUint32(at, true) !== CENTRAL) refuse('its directory is damaged');
    const [method, size, nameLength] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 24, true),
      view.getUint16(at + 28, true),
    ];
    const start = view.getUint32(at + 42, true);
    const next =
      at + CENTRAL_LENGTH + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const name = new TextDecoder().decode(
      bytes.subarray(at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + nameLength),
    );
    if (method !== 0) refuse(`its member ${JSON.stringify(name)} is compressed; save it with numpy.savez`);
    if (members.has(name)) refuse(`it names ${JSON.stringify(name)} twice`);
    if (start !== covered || view.getUint32(start, true) !== LOCAL)
      refuse(`its member ${JSON.stringify(name)} begins at byte ${start}, expected ${covered}`);
    const body = start + LOCAL_LENGTH + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    if (body + size > directory)
      refuse(
        `its member ${JSON.stringify(name)} claims ${size} bytes, but ${Math.max(0, directory - body)} follow`,
      );
    const content = bytes.subarray(body, body + size);
    if (crc32(content) !== view.getUint32(at + 16, true))
      refuse(`its member ${JSON.stringify(name)} is damaged`);
    members.set(name, content);
    covered = body + size;
    at = next;
  }
  if (covered !== directory || at !== end) refuse('there are bytes in it that belong to nothing');
  return members;
}
