// npm run proof [-- REPORT...]: lives through every kept scenario and writes docs/proof.md and the picture of a bad week.
// REPORT: what `handoff simulate --seed ... --json` or `--every-fault --json` printed, which may have taken hours.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTool } from './bundle-tool.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scenarios = join(root, 'dist', 'scenarios.json');
mkdirSync(join(root, 'dist'), { recursive: true });
const output = openSync(scenarios, 'w');
const { status } = spawnSync(process.execPath, ['--max-semi-space-size=64', 'tools/cli/bin/handoff.mjs', 'simulate', '--scenario', 'tools/simulator/scenarios', '--json'], { cwd: root, stdio: ['ignore', output, 'inherit'] });
closeSync(output);
// 2: an invariant was violated, which the page says.
if (status !== 0 && status !== 1 && status !== 2) process.exit(status ?? 1);

const { writeProof } = await import(await bundleTool(root, 'tools/simulator/src/proof/write-proof.ts'));
await writeProof({ root, scenarios, others: process.argv.slice(2) });
process.exitCode = status;
