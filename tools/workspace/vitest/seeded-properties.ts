import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';

const seeded = fileURLToPath(new URL('seeded-fast-check.ts', import.meta.url));

/** Lets the cases of properties be drawn from one seed (docs/adr/0045-properties-have-one-seed.md): specs import fast-check as ever. */
export function seededProperties(): Plugin {
  return {
    name: 'seeded-properties',
    enforce: 'pre',
    resolveId: (id, importer) => (id === 'fast-check' && importer !== seeded ? seeded : null),
  };
}
