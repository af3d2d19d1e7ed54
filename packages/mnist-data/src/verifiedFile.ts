import { DataNotFoundError, GzipError, HashMismatchError } from './errors.ts';
import type { MnistFile } from './facts.ts';

/** A file as it was read; its unpacked content has this SHA-256. */
export interface VerifiedFile {
  readonly path: string;
  readonly sha256: string;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Reads `name`, or else unpacks `name.gz`, from `directory`, and refuses every content but the one that is known. */
export async function readVerified(
  directory: string,
  { name, bytes: size, sha256 }: MnistFile,
): Promise<{ file: VerifiedFile; bytes: Bytes }> {
  const { join } = process.getBuiltinModule('node:path');
  let path = join(directory, name);
  let bytes = await read(path, size, size);
  if (!bytes) {
    path += '.gz';
    const packed = await read(path, 0, size + STORED);
    if (!packed) throw new DataNotFoundError(`Cannot find ${name} or ${name}.gz in ${directory}`);
    bytes = await unpacked(path, packed, size);
  }
  const found = sha256Of(bytes);
  if (found !== sha256) throw new HashMismatchError(path, `SHA-256 ${sha256}`, found);
  return { file: { path, sha256 }, bytes };
}

/** More than gzip adds to what it cannot compress. */
const STORED = 65_536;

/** The bytes of a file, if there is one; its size is looked at before anything is read. */
async function read(path: string, least: number, most: number): Promise<Bytes | undefined> {
  const { readFile, stat } = process.getBuiltinModule('node:fs/promises');
  try {
    const { size } = await stat(path);
    if (size < least || size > most) throw new HashMismatchError(path, `${most} bytes`, `${size} bytes`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof HashMismatchError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new DataNotFoundError(`Cannot read ${path}: ${code}`, { cause: error });
  }
}

function unpacked(path: string, packed: Bytes, size: number): Promise<Bytes> {
  const { gunzip } = process.getBuiltinModule('node:zlib');
  return new Promise((resolve, reject) => {
    gunzip(packed, { maxOutputLength: size }, (error, bytes) => {
      if (!error) resolve(bytes as Bytes);
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
        reject(new HashMismatchError(path, `${size} bytes unpacked`, 'more'));
      else reject(new GzipError(path, error));
    });
  });
}

const sha256Of = (bytes: Bytes) =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex');
