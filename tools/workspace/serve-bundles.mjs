// Starts each function bundle with the functions framework, as the platform does, and asks for its deep health.
// usage: node serve-bundles.mjs [node binary]; exits 1 when a bundle does not start or is not healthy.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const node = process.argv[2] ?? process.execPath;
const framework = resolve('node_modules/@google-cloud/functions-framework/build/src/main.js');
// The framework's command line has no option for the address: this keeps it on loopback.
const loopback = resolve('tools/workspace/loopback-only.cjs');

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

async function health(port, process) {
  for (let attempt = 0; attempt < 200 && process.exitCode === null; attempt += 1) {
    // eslint-disable-next-line audit/no-swallowed-error -- it does not listen yet, or never will: the loop's end says so
    const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (response !== undefined) return { status: response.status, text: await response.text() };
    await new Promise((done) => setTimeout(done, 50));
  }
  return { status: 0, text: 'it did not start' };
}

async function check(name) {
  const folder = mkdtempSync(join(tmpdir(), `handoff-${name}-`));
  const port = await freePort();
  const environment = { ...process.env, SPORT: 'nba', HANDOFF_DIR: folder, HANDOFF_RECORDINGS: resolve('tools/local/recordings/nba'), LOG_LEVEL: 'error' };
  const args = ['--require', loopback, framework, '--source', resolve('dist/apps', name), '--target', name, '--port', String(port)];
  const server = spawn(node, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => { output += chunk; });
  const answer = await health(port, server);
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  const isHealthy = answer.status === 200 && answer.text.includes('"status":"ok"');
  process.stdout.write(`${isHealthy ? 'healthy' : 'FAILED '} ${name}${isHealthy ? '' : `: ${answer.status} ${answer.text}\n${output}`}\n`);
  return isHealthy;
}

let failed = 0;
for (const name of readdirSync('dist/apps').sort()) if (!(await check(name))) failed += 1;
process.exitCode = failed > 0 ? 1 : 0;
