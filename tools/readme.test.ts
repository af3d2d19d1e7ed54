import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commentBlocks, instrumented, markdownBlocks, rooms, runExamples } from './readme.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the examples hold', () => {
  test.each(rooms(root).map((room) => [room.folder.slice(root.length), room] as const))(
    'of %s',
    async (_, room) => {
      const { failures, blocks } = await runExamples(room);
      expect(failures).toEqual([]);
      expect(blocks).toBeGreaterThan(0);
    },
    150_000,
  );
});

describe('an example that does not hold is reported', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'readme-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What is reported of a README that consists of `code` in one block, the line counted from its first line. */
  async function reported(code: string): Promise<object[]> {
    const document = join(folder, 'README.md');
    mkdirSync(folder, { recursive: true });
    writeFileSync(document, `# Title\n\n\`\`\`ts\n${code}\n\`\`\`\n`);
    const { failures } = await runExamples({ folder, documents: [document] });
    return failures.map(({ where, expected, actual }) => ({
      line: Number(where.split(':').at(-1)) - 3,
      expected,
      actual: actual.split('\n')[0],
    }));
  }

  test.each([
    { name: 'a wrong value', code: '1 + 1; // => 3', expected: '3', actual: '2' },
    { name: 'a wrong text', code: "'a b'; // => a  b", expected: 'a  b', actual: 'a b' },
    { name: 'a wrong printed text', code: 'console.log("x", 1); // => y 1', expected: 'y 1', actual: 'x 1' },
    { name: 'a wrong promised value', code: 'await 1; // => 2', expected: '2', actual: '1' },
    { name: 'a wrong end', code: 'true; // => tr', expected: 'tr', actual: 'true' },
    {
      name: 'a wrong second line',
      code: "'a\\nb';\n// => a\n// => c",
      line: 2,
      expected: 'a\nc',
      actual: 'a',
    },
    { name: 'on a later line', code: 'const x = 1;\n\nx; // => 2', line: 3, expected: '2', actual: '1' },
    {
      name: 'an error instead of a value',
      code: 'null.x; // => 1',
      expected: '1',
      actual: /^throws TypeError: Cannot/,
    },
    {
      name: 'no error',
      code: '1; // throws Error: no',
      expected: 'throws Error: no',
      actual: 'nothing is thrown',
    },
    {
      name: 'another error',
      code: '(() => { throw new RangeError("x"); })(); // throws TypeError: x',
      expected: 'throws TypeError: x',
      actual: 'RangeError: x',
    },
    {
      name: 'an error at large',
      code: "throw new Error('out');",
      expected: 'the example runs',
      actual: 'Error: out',
    },
    {
      name: 'a name that does not exist',
      code: 'nowhere();',
      expected: 'the example runs',
      actual: /nowhere/,
    },
    { name: 'what is not code', code: 'const = 1;', expected: 'an example', actual: /SyntaxError/ },
    { name: 'code from text', code: 'Function("1")(); // => 1', expected: '1', actual: /^throws EvalError/ },
    {
      name: 'an end of the process',
      code: 'process.exit(0);',
      line: Number.NaN,
      expected: 'the examples run',
      actual: /early/,
    },
  ])('$name', async ({ code, line = 1, expected, actual }) => {
    expect(await reported(code)).toEqual([
      { line, expected, actual: typeof actual === 'string' ? actual : expect.stringMatching(actual) },
    ]);
  });

  test.each([
    ['after a declaration', 'const x = 1; // => 1'],
    ['inside a function', 'const f = () => {\n  g(); // => 1\n};'],
    ['before everything', '// => 1\nf();'],
    ['two statements further', 'f();\nconst x = 1;\n// => 1'],
  ])('an expectation %s, where nothing is checked', async (_, code) => {
    expect(await reported(code)).toMatchObject([
      { expected: 'an example', actual: expect.stringContaining('follow') },
    ]);
  });

  test('every failure, and the examples after it still run', async () => {
    expect(await reported('1; // => 2\n3; // => 3\n4; // => 5')).toMatchObject([{ line: 1 }, { line: 3 }]);
  });

  test.each([
    ['values', '[1, 2]; // => [ 1, 2 ]'],
    ['raw text', "'2 * x'; // => 2 * x"],
    ['text of several lines', "'a\\n  b';\n// => a\n// =>   b"],
    ['an object, wherever its lines break', "({ a: 1, b: 'c' });\n// => {\n// =>   a: 1,\n// =>   b: 'c' }"],
    ['an expression of several lines', '[\n  1,\n].length; // => 1'],
    ['what is printed', "console.log('%d of %d', 1, 2); // => 1 of 2"],
    ['promises', 'Promise.resolve(7); // => 7'],
    ['errors by how they begin', '[].at(1n << 64n); // throws TypeError: Cannot convert'],
    ['comments that are not expectations', '// throws away nothing\n// x => y\n1; // => 1'],
    ['types', 'const x: number = 1;\nx as number; // => 1'],
  ])('but right ones are not: %s', async (_, code) => {
    expect(await reported(code)).toEqual([]);
  });
});

describe('where examples stand', () => {
  test('in Markdown, with their lines, but no shell, no other language, and not what must not run', () => {
    const text =
      '# T\n```ts\na;\n```\n```sh\nb\n```\n```ts no-run\nc;\n```\n\n```typescript\nd;\ne;\n```\n```tsx\nf\n```\n';
    expect(markdownBlocks(text)).toEqual([
      { line: 3, code: 'a;\n' },
      { line: 13, code: 'd;\ne;\n' },
    ]);
  });

  test('in doc comments, up to the next tag, with the indentation of the code', () => {
    const text =
      'const a = 1;\n\n  /**\n   * Doc.\n   *\n   * @example Title\n   * f({\n   *   x,\n   * });\n   *\n   * @returns y\n   */\n';
    expect(commentBlocks(text)).toEqual([{ line: 7, code: 'f({\n  x,\n});\n\n' }]);
  });

  test('in fences inside of doc comments', () => {
    const text = '/**\n * @example\n * Prose.\n * ```ts\n * a;\n * ```\n * ```ts no-run\n * b;\n * ```\n */';
    expect(commentBlocks(text)).toEqual([{ line: 5, code: 'a;\n' }]);
  });

  test('and the module that is made of one keeps its lines', () => {
    const module = instrumented({ line: 5, code: 'f();\n\ng(\n  1,\n); // => 2\n' }, 'README.md').split('\n');
    expect(module[4]).toMatch(/^import .*; f\(\);$/);
    expect(module[6]).toBe('await example.gives(async () => (g(');
    expect(module[8]).toBe(`)), "2", 'README.md:9'); // => 2`);
  });
});
