import { describe, expect, test } from 'vitest';
import { fileBreaches, nodes, published } from './pack.ts';

const manifest = {
  name: '@leibniz/thing',
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  bin: { thing: './dist/cli.js' },
};
const files = ['LICENSE', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'dist/cli.js', 'src/index.ts'];

describe('the files of a tarball', () => {
  test('are as package.json promises', () => {
    expect(fileBreaches({ manifest, files })).toEqual([]);
  });

  test.each(['LICENSE', 'dist/index.js', 'dist/index.d.ts', 'dist/cli.js'])('lack %s', (path) => {
    expect(fileBreaches({ manifest, files: files.filter((file) => file !== path) })).toEqual([
      `${path} is promised by package.json and is not in the tarball`,
    ]);
  });

  test.each([
    'src/index.test.ts',
    'dist/index.test.d.ts',
    'src/fixtures/a.json',
    '.examples/a.ts',
    'x.tsbuildinfo',
  ])('hold %s, which nobody needs', (path) => {
    expect(fileBreaches({ manifest, files: [...files, path] })).toHaveLength(1);
  });
});

test('the Node that runs the tests is among those that load the packages', () => {
  expect(nodes()).toContain(process.execPath);
});

test('private packages are not published', () => {
  expect(published().some((folder) => folder.endsWith('packages/gradcheck'))).toBe(true);
  expect(published().some((folder) => folder.endsWith('packages/crosscheck'))).toBe(false);
});
