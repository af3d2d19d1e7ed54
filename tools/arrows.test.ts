import { describe, expect, it } from 'vitest';
import { breaches, importsOf, type Room } from './arrows.ts';

const room = (name: string, files: Record<string, string>, manifest: object = {}): Room => ({
  name,
  folder: `packages/${name}`,
  manifest: { name: `@leibniz/${name}`, ...manifest },
  files: Object.entries(files).map(([path, text]) => ({ path: `packages/${name}/src/${path}`, text })),
});

const kernels = { dependencies: { '@leibniz/kernels': 'workspace:*' } };
const load = "import { matmul } from '@leibniz/kernels';";

describe('breaches of the picture', () => {
  it.each([
    ['an arrow in the picture', room('tensor', { 'a.ts': load }, kernels), []],
    ['the other way round', room('ops', { 'a.ts': load }, kernels), [/ops -> kernels/, /not in the picture/]],
    ['an import that is not declared', room('tensor', { 'a.ts': load }), [/does not declare/]],
    [
      'kernels from the heart of symbolic',
      room('symbolic', { 'diff.ts': load }, kernels),
      [/only the subpath/],
    ],
    ['kernels from its subpath', room('symbolic', { 'compile.ts': load }, kernels), []],
    [
      'a dependency from outside',
      room('ops', {}, { dependencies: { lodash: '4' } }),
      [/outside the workspace/],
    ],
    ['a room nobody knows', room('utils', {}), [/not in the picture/]],
    [
      'gradcheck in a test',
      room(
        'ops',
        { 'a.test.ts': "import '@leibniz/gradcheck';" },
        { devDependencies: { '@leibniz/gradcheck': '' } },
      ),
      [],
    ],
    [
      'gradcheck elsewhere',
      room(
        'ops',
        { 'a.ts': "import '@leibniz/gradcheck';" },
        { devDependencies: { '@leibniz/gradcheck': '' } },
      ),
      [/does not declare/],
    ],
  ] as const)('%s', (_, tried, expected) => {
    const found = breaches([tried]);
    expect(found).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
  });

  it('a cycle of files', () => {
    const tried = room('ops', {
      'a.ts': "import { b } from './b.ts';",
      'b.ts': "import type { C } from './c.ts';",
      'c.ts': "export { a } from './a.ts';",
      'd.ts': "import './a.ts';",
    });
    expect(breaches([tried])).toEqual([
      expect.stringMatching(/a cycle of imports: .*a\.ts -> .*b\.ts -> .*c\.ts -> .*a\.ts/),
    ]);
  });
});

it('finds every way to import', () => {
  const text = `
import a from 'a';
import type { B } from "b";
import {
  c,
} from 'c';
export * from 'd';
import 'e';
const f = await import('f');
const none = "import g from 'g'";
`;
  expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});
