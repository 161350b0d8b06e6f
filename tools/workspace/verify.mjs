// npm run verify: everything that CI holds the tree to. From the fastest to the slowest.
import { spawnSync } from 'node:child_process';

const nodeFlag = process.argv.indexOf('--node');
const node = nodeFlag === -1 ? process.execPath : process.argv[nodeFlag + 1];
/** Seeds that have held: what fails here was broken since. People run further ones (docs/simulator.md). */
const drawn = (...args) => ['--max-semi-space-size=64', 'tools/cli/bin/handoff.mjs', 'simulate', '--seed', '1', '--faults', 'default', ...args];
const steps = [
  ['types', 'npx', ['nx', 'run', '@handoff/source:typecheck']],
  ['lint', 'npx', ['nx', 'run', '@handoff/source:lint']],
  ['bundles', 'npx', ['nx', 'run-many', '--target=build', '--parallel=2']],
  ['bundles for the cloud', 'npx', ['nx', 'run-many', '--target=build-cloud', '--parallel=2']],
  [`bundles on ${node}`, process.execPath, ['tools/workspace/serve-bundles.mjs', node]],
  ['tests', 'npm', ['test']],
  ['scenarios', 'npm', ['run', 'scenarios']],
  ['random weeks', process.execPath, drawn('--days', '7', '--runs', '16', '--minutes', '10')],
  ['a season with faults', process.execPath, drawn('--days', '90', '--minutes', '15')],
];

for (const [title, command, args] of steps) {
  process.stdout.write(`\n== ${title}\n`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, NX_DAEMON: process.env.NX_DAEMON ?? 'false' } });
  if (status !== 0) {
    process.stderr.write(`verify: ${title} failed\n`);
    process.exit(status ?? 1);
  }
}
