import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a spec needs of vitest's test context. */
export interface Skippable {
  skip(reason?: string): never;
}

const sharedDataFolder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/**
 * The path of a file of the shared real data, which is not part of this repository. Where it is absent the
 * test is skipped with the reason, unless HANDOFF_REQUIRE names `data`: then it fails.
 */
export function sharedData(context: Skippable, relativePath: string): string {
  const path = `${sharedDataFolder}${relativePath}`;
  if (existsSync(path)) return path;
  const reason = `../shared/data/${relativePath} is absent`;
  if ((process.env['HANDOFF_REQUIRE'] ?? '').split(',').includes('data')) throw new Error(`${reason}, and HANDOFF_REQUIRE names data`);
  return context.skip(reason);
}
