import { afterEach, describe, expect, test, vi } from 'vitest';
import { load, set, store } from './assembler.ts';
import { floats } from './dtype.ts';
import { layout, view } from './heap.ts';
import { instantiate } from './memory.ts';
import { multiplyAdd, relaxed, setRelaxed } from './relaxed.ts';

const engine = globalThis as unknown as { WebAssembly: { validate: (bytes: Uint8Array) => boolean } };

/** Whether this engine has it; if not, what needs it is skipped. */
const isThere = (() => {
  try {
    setRelaxed(true);
    return true;
  } catch {
    return false;
  }
})();

afterEach(() => {
  setRelaxed(false);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const refused = expect.objectContaining({ code: 'ERR_KERNEL_RELAXED' });

test('without support it is refused with the remedy, and changes nothing', () => {
  vi.spyOn(engine.WebAssembly, 'validate').mockReturnValue(false);
  setRelaxed(false);
  expect(() => setRelaxed(true)).toThrow(refused);
  expect(() => setRelaxed(true)).toThrow(/take Node 22/);
  expect(relaxed()).toBe(false);
});

test.each([
  { text: '', is: false },
  { text: '0', is: false },
  { text: '1', is: isThere },
])('LEIBNIZ_RELAXED=$text means $is', async ({ text, is }) => {
  vi.resetModules();
  vi.stubEnv('LEIBNIZ_RELAXED', text);
  const fresh = await import('./relaxed.ts');
  if (text === '1' && !isThere)
    expect(fresh.relaxed).toThrow(expect.objectContaining({ code: 'ERR_KERNEL_RELAXED' }));
  else expect(fresh.relaxed()).toBe(is);
});

test('LEIBNIZ_RELAXED=yes is refused', async () => {
  vi.resetModules();
  vi.stubEnv('LEIBNIZ_RELAXED', 'yes');
  const fresh = await import('./relaxed.ts');
  expect(fresh.relaxed).toThrow('Cannot understand LEIBNIZ_RELAXED=yes: give 1 or 0');
});

describe.each(Object.values(floats))('multiplyAdd of $name', (float) => {
  const { array, bytes } = float;
  const tiny = bytes === 4 ? 2 ** -13 : 2 ** -30;

  /** sum + a·b in each lane. */
  function computed(sum: number, a: number, b: number): number[] {
    const { run } = instantiate([
      {
        name: 'run',
        params: ['i32'],
        body: (local, [at]) => {
          const [s, x, y] = [local('v128'), local('v128'), local('v128')];
          return [
            [s, x, y].map((vector, index) => set(vector, load('v128.load', at!, 16 * index))),
            store('v128.store', at!, multiplyAdd(float, s, x, y)),
          ];
        },
      },
    ]);
    const [address] = layout(48) as [number];
    const lanes = 16 / bytes;
    const values = view(new array(0), address, 3 * lanes);
    values.set([sum, a, b].flatMap((value) => new Array<number>(lanes).fill(value)));
    run(address);
    return [...values.subarray(0, lanes)];
  }

  test('rounds twice unless it was chosen otherwise', () => {
    // (1 + t)² = 1 + 2t + t², whose last term is lost where the product is rounded by itself.
    const lanes = computed(-1 - 2 * tiny, 1 + tiny, 1 + tiny);
    expect(lanes).toEqual(lanes.map(() => 0));
    expect(computed(3, 5, 7)[0]).toBe(38);
  });

  test.skipIf(!isThere)('rounds once or twice, as the machine likes, if it was chosen', () => {
    setRelaxed(true);
    expect(computed(3, 5, 7)[0]).toBe(38);
    for (const value of computed(-1 - 2 * tiny, 1 + tiny, 1 + tiny))
      expect([0, tiny * tiny]).toContain(value);
  });
});
