import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** One project's results, as tools/workspace/test-summary.mjs adds them up. */
interface ProjectResults {
  passed: number;
  failed: number;
  skipped: Record<string, number>;
}

/**
 * Writes passed, failed and skipped tests, skips by reason, to dist/test-results/<project>.json.
 * The file is an output of the Nx target, so a cached run still counts.
 */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const root = process.env['HANDOFF_PROJECT_ROOT'];
    if (root === undefined) return;
    const results: ProjectResults = { passed: 0, failed: 0, skipped: {} };
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) results.failed += 1;
      for (const test of module.children.allTests()) count(results, test.result());
    }
    const file = join('dist', 'test-results', `${basename(root)}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(results));
  }
}

function count(results: ProjectResults, result: { state: string; note?: string | undefined }): void {
  if (result.state === 'passed') results.passed += 1;
  else if (result.state === 'failed') results.failed += 1;
  else {
    const reason = result.note ?? 'no reason given';
    results.skipped[reason] = (results.skipped[reason] ?? 0) + 1;
  }
}
