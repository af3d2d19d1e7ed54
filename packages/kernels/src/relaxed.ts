// Relaxed SIMD: instructions whose rounding the machine may choose. They are an explicit choice, since with them the same
// program gives different bits on different machines. https://github.com/WebAssembly/relaxed-simd

import { assemble, type Code, type Operand, op, set } from './assembler.ts';
import { type Float, floats } from './dtype.ts';
import { KernelError } from './errors.ts';

let chosen: boolean | undefined;

/** Whether matrix products may fuse multiplications with additions. */
export function relaxed(): boolean {
  if (chosen === undefined) setRelaxed(environment());
  return chosen === true;
}

/**
 * Lets matrix products fuse a multiplication with the addition that follows, where the machine does both in one step: faster,
 * and rounded once instead of twice, so the last bits depend on the machine. At first it is what the environment variable
 * `LEIBNIZ_RELAXED` says, 1 or 0, or else off: then results have the same bits everywhere.
 *
 * @throws KernelError with the code `ERR_KERNEL_RELAXED` if the engine has no relaxed SIMD; nothing changes then.
 * @example
 * import { relaxed, setRelaxed } from '@leibniz/kernels';
 * setRelaxed(false);
 * relaxed(); // => false
 */
export function setRelaxed(isOn: boolean): void {
  if (isOn && !isSupported()) {
    throw new KernelError(
      'relaxed',
      'Cannot use relaxed SIMD: this engine does not have it; take Node 22, Chrome 114 or newer, or leave it off',
    );
  }
  chosen = isOn;
}

function environment(): boolean {
  const text = globalThis.process?.env?.LEIBNIZ_RELAXED ?? '';
  if (text === '' || text === '0' || text === '1') return text === '1';
  throw new KernelError('relaxed', `Cannot understand LEIBNIZ_RELAXED=${text}: give 1 or 0`);
}

/** Whether the engine accepts a module with such an instruction. */
function isSupported(): boolean {
  const module = assemble([
    {
      name: 'run',
      params: [],
      body: (local) => {
        const sum = local('v128');
        return set(sum, fused(floats.float32, sum, sum, sum));
      },
    },
  ]);
  return WebAssembly.validate(module);
}

const fused = ({ vector }: Float, sum: Operand, a: Operand, b: Operand): Code =>
  op(`${vector}.relaxed_madd`, a, b, sum);

/** sum + a·b of vectors, fused if that was chosen: a kernel that is kept must be kept by `relaxed()`, too. */
export const multiplyAdd = (float: Float, sum: Operand, a: Operand, b: Operand): Code =>
  relaxed() ? fused(float, sum, a, b) : op(`${float.vector}.add`, sum, op(`${float.vector}.mul`, a, b));
