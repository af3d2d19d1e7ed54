import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readRooms } from './arrows.ts';

const published = readRooms().flatMap(({ manifest }) => (manifest.private ? [] : [manifest.name]));
const files = readdirSync('.changeset').filter((name) => name.endsWith('.md') && name !== 'README.md');

it.each(files)('%s names published packages and says what changed', (name) => {
  const text = readFileSync(`.changeset/${name}`, 'utf8');
  const [, front = '', message = ''] = /^---\n((?:.+\n)+)---\n\n(.+)/.exec(text) ?? [];
  const bumps = front.trimEnd().split('\n');
  expect(message).not.toBe('');
  for (const bump of bumps) {
    const [, room, size] = /^'([^']+)': (\w+)$/.exec(bump) ?? [];
    expect(published).toContain(room);
    expect(['major', 'minor', 'patch']).toContain(size);
  }
});
