import { defineConfig } from 'vitest/config';
import { seededProperties } from './tools/workspace/vitest/seeded-properties.ts';
import { sqlText } from './tools/workspace/vitest/sql-text.ts';

export default defineConfig({
  plugins: [sqlText(), seededProperties()],
  test: {
    include: ['**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', './tools/workspace/vitest/results-reporter.ts'],
  },
});
