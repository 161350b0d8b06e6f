// npm run proof [-- [--scenarios FILE] REPORT...]: lives through every kept scenario and writes docs/proof.md and the picture of
// a bad week. REPORT: what `handoff simulate --seed ... --json` or `--every-fault --json` printed, which may have taken hours.
// FILE: what `npm run --silent scenarios -- --json` printed, where they have just been lived through.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleTool } from './bundle-tool.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values, positionals: others } = parseArgs({ allowPositionals: true, options: { scenarios: { type: 'string' } } });

/** Lives through the kept scenarios, and names the report. */
function liveThrough() {
  const report = join(root, 'dist', 'scenarios.json');
  mkdirSync(join(root, 'dist'), { recursive: true });
  const output = openSync(report, 'w');
  const { status } = spawnSync(process.execPath, ['--max-semi-space-size=64', 'tools/cli/bin/handoff.mjs', 'simulate', '--scenario', 'tools/simulator/scenarios', '--json'], { cwd: root, stdio: ['ignore', output, 'inherit'] });
  closeSync(output);
  // 2: an invariant was violated, which the page says.
  if (status !== 0 && status !== 1 && status !== 2) process.exit(status ?? 1);
  process.exitCode = status;
  return report;
}

const scenarios = values.scenarios ?? liveThrough();
const { writeProof } = await import(await bundleTool(root, 'tools/simulator/src/proof/write-proof.ts'));
try {
  await writeProof({ root, scenarios, others });
} catch (error) {
  if (error.code !== 'usage') throw error;
  process.stderr.write(`proof: ${error.message}\n`);
  process.exitCode = 64;
}
