import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { skipWithout, type Skippable } from './requirement.ts';

const sharedDataFolder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/**
 * The path of a file of the shared real data, which is not part of this repository. Where it is absent the
 * test is skipped with the reason, unless HANDOFF_REQUIRE names `data`: then it fails.
 */
export function sharedData(context: Skippable, relativePath: string): string {
  const path = `${sharedDataFolder}${relativePath}`;
  if (existsSync(path)) return path;
  return skipWithout('data', `../shared/data/${relativePath} is absent`, context);
}
