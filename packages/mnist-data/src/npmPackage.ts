/** An installed package: where it lies and which version it is. */
export interface Package {
  readonly directory: string;
  readonly version: string;
}

/** The package `name` as a module in one of the places `starts` would find it, without running any of its code. */
export function findPackage(name: string, starts: readonly (string | URL)[]): Package | undefined {
  const { createRequire } = process.getBuiltinModule('node:module');
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const { dirname, join } = process.getBuiltinModule('node:path');
  for (const start of starts) {
    try {
      const manifest = createRequire(join(toPath(start), 'here')).resolve(`${name}/package.json`);
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
      return { directory: dirname(manifest), version };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}

function toPath(start: string | URL): string {
  const { fileURLToPath } = process.getBuiltinModule('node:url');
  const { resolve } = process.getBuiltinModule('node:path');
  const isUrl = start instanceof URL || start.startsWith('file:');
  return isUrl ? fileURLToPath(start) : resolve(start);
}
