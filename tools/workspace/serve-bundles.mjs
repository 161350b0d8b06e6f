// Starts each function bundle with the functions framework, as the platform does: those of the embedded profile are
// asked for their deep health, those of the cloud have to start, and to refuse to where a channel to people is missing.
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

/** A bundle under the functions framework, as the platform starts it. */
async function start(folder, name, environment) {
  const port = await freePort();
  const args = ['--require', loopback, framework, '--source', resolve(folder, name), '--target', name, '--port', String(port)];
  const server = spawn(node, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const served = { port, server, output: '' };
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => { served.output += chunk; });
  return served;
}

/** What `look` sees as soon as it sees anything; undefined when the process ended, or ten seconds went by. */
async function seenOf({ server }, look) {
  for (let attempt = 0; attempt < 200 && server.exitCode === null; attempt += 1) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((done) => setTimeout(done, 50));
  }
  return undefined;
}

function report(name, problem) {
  process.stdout.write(problem === undefined ? `healthy ${name}\n` : `FAILED  ${name}: ${problem}\n`);
  return problem === undefined;
}

/** On the embedded profile everything that it needs is here: it has to be healthy. */
async function checkEmbedded(name) {
  const folder = mkdtempSync(join(tmpdir(), `handoff-${name}-`));
  const served = await start('dist/apps', name, { ...process.env, SPORT: 'nba', HANDOFF_DIR: folder, HANDOFF_RECORDINGS: resolve('tools/local/recordings/nba'), LOG_LEVEL: 'error' });
  const answer = await seenOf(served, async () => {
    // eslint-disable-next-line audit/no-swallowed-error -- it does not listen yet, or never will: the loop's end says so
    const response = await fetch(`http://127.0.0.1:${served.port}/`).catch(() => undefined);
    return response === undefined ? undefined : { status: response.status, text: await response.text() };
  });
  served.server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  if (answer?.status === 200 && answer.text.includes('"status":"ok"')) return report(name);
  return report(name, `${answer?.status ?? 'it did not start'} ${answer?.text ?? ''}\n${served.output}`);
}

/** What people are told by, where Google's stores are, and the sources' keys: made up, and nothing of it is asked at start. */
const cloudEnvironment = {
  SPORT: 'nba', GOOGLE_CLOUD_PROJECT: 'example', BIGQUERY_LOCATION: 'US', STORAGE_BUCKET: 'example', K_REVISION: 'example-00001', LOG_LEVEL: 'error', HANDOFF_ENVIRONMENT: 'example', RUNBOOK_BASE_URL: 'https://example.test/',
  SLACK_WEBHOOK_URL: 'https://example.test/slack', PAGERDUTY_ROUTING_KEY: 'example', SMTP_URL: 'smtps://example.test', EMAIL_ALERTS_FROM: 'from@example.test', EMAIL_ALERTS_TO: 'to@example.test', BALLDONTLIE_API_KEY: 'example', ODDS_API_KEY: 'example',
};

/** On the cloud profile it has to start with everything that it has to be told, and to refuse without one of them. */
async function checkCloud(name) {
  const base = { PATH: process.env.PATH, HOME: process.env.HOME, METADATA_SERVER_DETECTION: 'none' };
  const served = await start('dist/cloud', name, { ...base, ...cloudEnvironment });
  const starts = await seenOf(served, async () => (served.output.includes('\nURL: http') ? true : undefined));
  served.server.kill('SIGKILL');
  const { SLACK_WEBHOOK_URL: _told, ...untold } = cloudEnvironment;
  const refused = await start('dist/cloud', name, { ...base, ...untold });
  const startsUntold = await seenOf(refused, async () => (refused.output.includes('\nURL: http') ? true : undefined));
  refused.server.kill('SIGKILL');
  if (starts !== true) return report(`${name} (cloud)`, `it did not start\n${served.output}`);
  if (startsUntold === true || !refused.output.includes('SLACK_WEBHOOK_URL')) return report(`${name} (cloud)`, `it started without a channel to people\n${refused.output}`);
  return report(`${name} (cloud)`);
}

let failed = 0;
for (const [folder, check] of [['dist/apps', checkEmbedded], ['dist/cloud', checkCloud]]) {
  for (const name of readdirSync(folder).sort()) if (!(await check(name))) failed += 1;
}
process.exitCode = failed > 0 ? 1 : 0;
