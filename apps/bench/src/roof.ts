// What the machine can do at most: products and sums of 128-bit vectors in registers, and bytes to and from the memory.

import { allocate } from '@leibniz/kernels';
import { type Local, loop, op, set, store, vector128 } from '../../../packages/kernels/src/assembler.ts';
import { type FloatName, floats } from '../../../packages/kernels/src/dtype.ts';
import { instantiate } from '../../../packages/kernels/src/memory.ts';

/** Sums in flight: enough to hide how long a product and a sum take, and few enough to stay in registers. */
const CHAINS = 14;

const ROUNDS = 20_000;

/** A kernel that multiplies and adds in registers, and how many operations it makes. */
export function arithmetic(dtype: FloatName): { readonly run: () => void; readonly operations: number } {
  const { vector, lanes } = floats[dtype];
  const { spin } = instantiate([
    {
      name: 'spin',
      params: ['i32', 'i32'],
      body: (local, [to, rounds]) => {
        const sums = Array.from({ length: CHAINS }, () => local('v128'));
        const [x, i] = [local('v128'), local('i32')];
        return [
          set(x, vector128(0, 0, 0, 0)),
          loop(
            i,
            0,
            rounds as Local,
            1,
            sums.map((sum) => set(sum, op(`${vector}.add`, op(`${vector}.mul`, sum, x), x))),
          ),
          sums.map((sum, at) => store('v128.store', to as Local, sum, 16 * at)),
        ];
      },
    },
  ]);
  const { byteOffset } = allocate(dtype, 16 * CHAINS);
  return { run: () => spin(byteOffset, ROUNDS), operations: 2 * CHAINS * lanes * ROUNDS };
}

const least = (times: readonly number[]) => Math.min(...times);

/** The shortest of so many times that the work takes, in milliseconds. */
export function shortest(work: () => unknown, times = 15): number {
  return least(
    Array.from({ length: times }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
}

/** Billions of bytes a second that one thread copies, read and written. */
export function memoryRoof(): number {
  const bytes = 1 << 26;
  const [from, to] = [new Uint8Array(bytes).fill(1), new Uint8Array(bytes).fill(2)];
  return (2 * bytes) / shortest(() => to.set(from), 5) / 1e6;
}
