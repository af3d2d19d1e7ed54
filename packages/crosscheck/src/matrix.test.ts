// Matrix gradients as formulas, run as generated code on tensors, against the automatic gradients of the same code.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MatrixCalculus } from '@leibniz/symbolic/matrix';
import { afterAll, describe, expect, it } from 'vitest';
import { BOOK_NETWORK, GRADIENTS, randomValues } from '../../symbolic/src/matrix/fixtures/gradients.ts';

const TENSOR = pathToFileURL(join(import.meta.dirname, '../../tensor/src/index.ts')).href;

const folder = mkdtempSync(join(tmpdir(), 'leibniz-matrix-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Tensor = { dataSync(): Float64Array };

/** The generated functions f and g, and the library that they run on. */
interface Program {
  readonly f: (...args: unknown[]) => Tensor;
  readonly g: (...args: unknown[]) => Tensor;
  readonly grad: (f: (x: unknown) => unknown) => (x: unknown) => Tensor;
  readonly tensor: (value: number[][], options: { dtype: 'float64' }) => unknown;
}

let count = 0;

async function programOf(f: string, g: string): Promise<Program> {
  const file = join(folder, `${count++}.mjs`);
  const source = [f, g, `export { grad, tensor } from '@leibniz/tensor';`].join('\n');
  const imports = new Set<string>();
  const body = source.replace(/^import \{ (.*) \} from '@leibniz\/tensor';$/gm, (_, names: string) => {
    for (const name of names.split(', ')) imports.add(name);
    return '';
  });
  const text = `import { ${[...imports].join(', ')} } from '@leibniz/tensor';\n${body}`;
  writeFileSync(file, text.replaceAll("'@leibniz/tensor'", JSON.stringify(TENSOR)));
  return (await import(pathToFileURL(file).href)) as Program;
}

/** The parameters of a generated function, by the names that they had as symbols. */
const argumentsOf = (source: string) => {
  const names = /^export function \w+\((.*)\) \{$/m.exec(source)![1]!;
  return names === '' ? [] : names.split(', ').map((name) => name.replace(/_1$/, ''));
};

const CASES = [
  ...GRADIENTS.map((entry) => ({ ...entry, sizes: { n: 4, d: 3, k: 3, m: 5, p: 2 } })),
  ...['W1', 'b1', 'W2', 'b2'].map((wrt) => ({ ...BOOK_NETWORK, wrt, sizes: { n: 3 } })),
];

describe.each(CASES)('$formula by $wrt', ({ formula, declarations, wrt, sizes }) => {
  it('symbolic = automatic, to 1e-10', async () => {
    const calculus = new MatrixCalculus(declarations);
    const sources = [
      calculus.toCode(formula, { target: 'tensor', name: 'f' }),
      calculus.toCode(calculus.gradient(formula, wrt), { target: 'tensor', name: 'g' }),
    ] as const;
    const { f, g, grad, tensor } = await programOf(...sources);
    const values = randomValues(declarations, 3, sizes);
    const bound = (name: string, x?: unknown) => {
      const value = values[name];
      if (name === wrt && x !== undefined) return x;
      return value ? tensor(value, { dtype: 'float64' }) : sizes[name as 'n'];
    };
    const [ofF, ofG] = sources.map(argumentsOf) as [string[], string[]];
    const automatic = grad((x) => f(...ofF.map((name) => bound(name, x))))(bound(wrt)).dataSync();
    const symbolic = g(...ofG.map((name) => bound(name))).dataSync();
    const scale = automatic.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const error = automatic.reduce((most, value, k) => Math.max(most, Math.abs(value - symbolic[k]!)), 0);
    expect(symbolic.length).toBe(automatic.length);
    expect(error).toBeLessThanOrEqual(1e-10 * scale);
  });
});
