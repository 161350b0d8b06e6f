import { defineConfig } from 'vitest/config';
import { sqlText } from './tools/workspace/vitest/sql-text.ts';

export default defineConfig({
  plugins: [sqlText()],
  test: {
    include: ['**/*.spec.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', './tools/workspace/vitest/results-reporter.ts'],
  },
});
