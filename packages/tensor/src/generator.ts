import { type PhiloxKey, philox } from '@leibniz/kernels';

/** All there is to know of a generator; plain data, to be stored in a checkpoint. */
export interface GeneratorState {
  readonly algorithm: 'philox4x32-10';
  readonly key: PhiloxKey;
  /** The blocks of four words drawn so far. */
  readonly block: number;
}

/**
 * A stream of random bits, the same for the same seed on every machine.
 *
 * @example
 * import { Generator, rand } from '@leibniz/tensor';
 * const generator = new Generator(7);
 * const state = generator.state();
 * const first = rand([2], { generator }).toArray();
 * generator.load(state);
 * String(rand([2], { generator }).toArray()) === String(first); // => true
 */
export class Generator {
  #key: PhiloxKey;
  #block = 0;

  /** The seed is an integer of up to 64 bits. */
  constructor(seed: number | bigint = 0) {
    this.#key = keyOf(seed);
  }

  seed(seed: number | bigint): this {
    this.#key = keyOf(seed);
    this.#block = 0;
    return this;
  }

  /** At least `count` random 32-bit words; a draw begins with a block of its own. */
  words(count: number): Uint32Array {
    const words = philox(new Uint32Array(4 * Math.ceil(count / 4)), this.#block, this.#key);
    this.#block += words.length / 4;
    return words;
  }

  /**
   * Generators of streams of their own, each with a key of 64 bits drawn from this one.
   *
   * @example
   * import { Generator, rand } from '@leibniz/tensor';
   * const [a, b] = new Generator(1).split(2);
   * rand([1], { generator: a }).item() === rand([1], { generator: b }).item(); // => false
   */
  split(count: number): Generator[] {
    const words = this.words(2 * count);
    return Array.from({ length: count }, (_, i) => {
      const generator = new Generator();
      generator.#key = [words[2 * i]!, words[2 * i + 1]!];
      return generator;
    });
  }

  state(): GeneratorState {
    return { algorithm: 'philox4x32-10', key: this.#key, block: this.#block };
  }

  load({ algorithm, key, block }: GeneratorState): this {
    const isWord = (word: number) => Number.isInteger(word) && word >= 0 && word < 2 ** 32;
    if (
      algorithm !== 'philox4x32-10' ||
      key.length !== 2 ||
      !key.every(isWord) ||
      !Number.isSafeInteger(block) ||
      block < 0
    ) {
      throw new RangeError(
        `Cannot load the state ${JSON.stringify({ algorithm, key, block })}: it is none of philox4x32-10`,
      );
    }
    this.#key = [key[0], key[1]];
    this.#block = block;
    return this;
  }
}

function keyOf(seed: number | bigint): PhiloxKey {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot seed with ${seed}: a seed is an integer of up to 64 bits`);
  }
  const bits = BigInt.asUintN(64, BigInt(seed));
  if (typeof seed === 'bigint' && bits !== seed)
    throw new RangeError(`Cannot seed with ${seed}: a seed is an integer of up to 64 bits`);
  return [Number(bits & 0xffffffffn), Number(bits >> 32n)];
}
