/** One of the four files: its name where the digits were first published, and what it must contain unpacked. */
export interface MnistFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface SplitFacts {
  readonly count: number;
  /** How many of each digit, 0 to 9. */
  readonly histogram: readonly number[];
  readonly images: MnistFile;
  readonly labels: MnistFile;
}

/**
 * What MNIST is: 70,000 digits by the hands of Census employees and high-school students, as prepared by Y. LeCun,
 * C. Cortes and C. J. C. Burges. The hashes are those of the unpacked files, so any `.gz` around them is as good.
 *
 * @example
 * import { MNIST } from '@leibniz/mnist-data';
 *
 * [MNIST.train.count, MNIST.test.count]; // => [ 60000, 10000 ]
 * MNIST.train.images.bytes === 16 + 60_000 * MNIST.rows * MNIST.cols; // => true
 */
export const MNIST = {
  rows: 28,
  cols: 28,
  train: {
    count: 60_000,
    histogram: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    images: {
      name: 'train-images-idx3-ubyte',
      bytes: 47_040_016,
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      bytes: 60_008,
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
  },
  test: {
    count: 10_000,
    histogram: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    images: {
      name: 't10k-images-idx3-ubyte',
      bytes: 7_840_016,
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      bytes: 10_008,
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
} as const satisfies { rows: number; cols: number; train: SplitFacts; test: SplitFacts };
