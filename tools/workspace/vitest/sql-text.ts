import { readFileSync } from 'node:fs';
import type { Plugin } from 'vitest/config';

/** Lets specs import a .sql file as text, as the bundler does for the product. */
export function sqlText(): Plugin {
  return {
    name: 'sql-text',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('.sql')) return null;
      return `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`;
    },
  };
}
