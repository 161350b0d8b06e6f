// npm test: every project's tests through Nx, so that what has not changed is not run again, then one summary.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const folder = join('dist', 'test-results');
// Only what this run made or took from the cache counts: a project that is gone leaves no results behind.
rmSync(folder, { recursive: true, force: true });
const run = spawnSync('npx', ['nx', 'run-many', '--target=test', '--parallel=2', '--outputStyle=static', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, NX_DAEMON: process.env.NX_DAEMON ?? 'false' },
});

const totals = { passed: 0, failed: 0, skipped: new Map() };
for (const file of existsSync(folder) ? readdirSync(folder) : []) {
  const results = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  totals.passed += results.passed;
  totals.failed += results.failed;
  for (const [reason, count] of Object.entries(results.skipped)) totals.skipped.set(reason, (totals.skipped.get(reason) ?? 0) + count);
}

const skipped = [...totals.skipped.values()].reduce((sum, count) => sum + count, 0);
process.stdout.write('\n');
for (const [reason, count] of totals.skipped) process.stdout.write(`skipped: ${count} (${reason})\n`);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${skipped} skipped\n`);
process.exitCode = run.status ?? 1;
