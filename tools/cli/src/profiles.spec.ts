import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SystemClock } from '@handoff/clock-system';
import { openOperator, type OperatorSystem } from '@handoff/composition/operator';
import { gameDate, OfficialGameId, parseInstant } from '@handoff/contracts';
import { deadLetterId, deadLetterRef, type DeadLetterDocument } from '@handoff/dead-letters';
import { writeGap } from '@handoff/gap-ledger';
import { missingEmulators, startLocalGoogle, type LocalGoogle } from '@handoff/local';
import type { Ports } from '@handoff/ports';
import { projectSlates } from '@handoff/read-models';
import { noteFailedWork, retryId } from '@handoff/retry-queue';
import { aBoxScore, aGame, aGap, anExpectedOutput, asLoaded, silentLog, skipWithout } from '@handoff/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi, type TestContext } from 'vitest';
import { CliWorld } from './cli-world.ts';

const clock = new SystemClock();
const date = gameDate('2026-01-24');
const game = OfficialGameId.parse('0022500645');
const box = 'nba_raw.bdl_player_boxscores';
const letter: DeadLetterDocument = {
  status: 'waiting', subscription: 'grading-trigger--phase6-grade', message: { key: 'work', correlationId: 'chain', payload: { runs: [] } }, messageId: 'm1', letters: 1, deliveries: 5,
  publishedAt: parseInstant('2026-01-25T10:00:00Z'), keptAt: parseInstant('2026-01-25T11:00:00Z'), redrives: 0, tries: 5, redriveAt: null, isTold: true, reason: 'its function failed at it: failed',
};
const workKey = 'phase2-raw|files';

/** A game whose box score is there and whose summary is not, a gap for it, failed work, and a message that nobody took. */
async function makeTrouble(ports: Ports): Promise<void> {
  const row = { ...aGame({ game_date: date, game_id: game, tip_at: parseInstant('2026-01-24T17:00:00Z') }), home_team_tricode: 'CHA', away_team_tricode: 'WAS', game_code: '20260124/WASCHA' };
  await ports.warehouse.merge({ table: 'nba_raw.nbac_schedule', rows: [asLoaded(row)] });
  await ports.warehouse.merge({ table: box, rows: [asLoaded(aBoxScore({ game_date: date, nba_game_id: game, player_lookup: 'aaron' }))] });
  await ports.warehouse.merge({ table: 'nba_orchestration.expected_outputs', rows: [anExpectedOutput({ game_date: date, output: 'nba_analytics.player_game_summary', scope: game, state: 'FAILED' })] });
  await projectSlates(ports, date);
  await writeGap(ports.state, aGap({ openedAt: parseInstant('2026-01-25T12:00:00Z'), nextActionAt: parseInstant('2026-01-25T12:00:00Z') }));
  await ports.state.create(deadLetterRef(letter), letter);
  await noteFailedWork(ports, {
    work: { workKey, kind: 'raw', phase: 'phase2', processorName: 'phase2-raw', gameDate: date, correlationId: 'chain', inputHash: 'one', redo: { topic: 'phase1-scrapers-complete', payload: {}, messageKey: 'files' }, awaits: null },
    failure: { type: 'permanent', code: 'warehouse-unavailable', message: 'no answer' },
  });
}

const installation = { GOOGLE_CLOUD_PROJECT: 'spec', BIGQUERY_LOCATION: 'US', STORAGE_BUCKET: 'files' };
const setEnvironment = (variables: Readonly<Record<string, string>>): void => { for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value); };

describe('a command on another system than a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-profiles-'));
  const world = new CliWorld(clock.now(), fileURLToPath(new URL('../../..', import.meta.url)));
  const missing = missingEmulators(process.env);
  let google: LocalGoogle | undefined;
  let operator: OperatorSystem | undefined;
  let emulators: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    if (missing.length > 0) return;
    google = await startLocalGoogle({ folder, project: 'spec', location: 'US', bucket: 'files', clock });
    const { firestore, pubSub, bigQuery, storage } = google.endpoints;
    emulators = { ...installation, FIRESTORE_EMULATOR_HOST: `${firestore.host}:${firestore.port}`, PUBSUB_EMULATOR_HOST: `${pubSub.host}:${pubSub.port}`, BIGQUERY_EMULATOR_HOST: bigQuery, STORAGE_EMULATOR_HOST: storage };
    operator = openOperator(emulators, { profile: 'emulated', clock, log: silentLog });
    await Promise.all([makeTrouble(operator.ports), world.act((ports) => makeTrouble(ports))]);
  }, 120_000);
  afterEach(() => { vi.unstubAllEnvs(); });
  afterAll(async () => {
    await operator?.close();
    await google?.close();
    world.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function onEmulators(context: TestContext, ...words: readonly string[]) {
    if (missing.length > 0) return skipWithout('emulators', missing.join('; '), context);
    setEnvironment(emulators);
    const ran = await world.run(...words, '--profile', 'emulated');
    vi.unstubAllEnvs();
    return ran;
  }

  /** What depends on the very moment at which it is asked. */
  const timeless = (answer: unknown): unknown => JSON.parse(JSON.stringify(answer, (key, value: unknown) => (/^now$|At$|_at$|^duration_seconds$/.test(key) ? 'then' : value)));

  it.for([
    'gaps list', 'queue list', 'dead-letters list', `dead-letters show ${deadLetterId(letter.subscription, 'work')}`, 'conflicts list', 'breakers list', `trace --game ${game}`, `reconcile --date ${date} --detailed`,
    `explain --date ${date} --phase phase3`, 'health', 'workflow-health --hours 24', 'heal --now --dry-run', `backfill phase3 --from ${date} --dry-run`, `queue retry ${retryId(workKey)} --dry-run`,
  ])('"%s" says of Google’s stores what it says of a folder with the same content', async (command, context) => {
    const words = command.split(' ');
    const emulated = await onEmulators(context, ...words);
    const embedded = await world.run(...words);
    expect(emulated.told).toBe(embedded.told);
    expect(emulated.code).toBe(embedded.code);
    expect(timeless(emulated.answer)).toEqual(timeless(embedded.answer));
    expect(emulated.answer).toBeDefined();
  });

  it('changes what is there: a message is sent again, and does not wait any longer', async (context) => {
    const id = deadLetterId(letter.subscription, 'work');
    expect(await onEmulators(context, 'dead-letters', 'redrive', id)).toMatchObject({ code: 0, answer: { dryRun: false, letters: [{ id, status: 'redriven' }] } });
    expect(await onEmulators(context, 'dead-letters', 'list')).toMatchObject({ code: 0, answer: { letters: [] } });
  });
});

describe('a command that is told to act on what is deployed', () => {
  const world = new CliWorld(clock.now());
  afterEach(() => { vi.unstubAllEnvs(); });
  afterAll(() => { world.remove(); });

  it.each(Object.keys(installation))('needs %s, and says so', async (name) => {
    setEnvironment({ ...installation, [name]: '' });
    expect(await world.run('gaps', 'list', '--profile', 'cloud')).toMatchObject({ code: 64, answer: undefined, told: expect.stringContaining(name) as string });
  });

  it('does not follow an emulator’s address into another place than it says', async () => {
    setEnvironment({ ...installation, FIRESTORE_EMULATOR_HOST: '127.0.0.1:1' });
    expect(await world.run('gaps', 'list', '--profile', 'cloud')).toMatchObject({ code: 64, told: expect.stringContaining('the environment names emulators, FIRESTORE_EMULATOR_HOST') as string });
  });

  it('is told so by HANDOFF_PROFILE too', async () => {
    setEnvironment({ ...installation, STORAGE_BUCKET: '', HANDOFF_PROFILE: 'cloud' });
    expect(await world.run('queue', 'list')).toMatchObject({ code: 64, told: expect.stringContaining('STORAGE_BUCKET') as string });
  });

  it.each(['BIGQUERY_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST'])('on emulators needs every one of them: %s', async (name) => {
    setEnvironment({ ...installation, FIRESTORE_EMULATOR_HOST: '127.0.0.1:1', PUBSUB_EMULATOR_HOST: '127.0.0.1:2', BIGQUERY_EMULATOR_HOST: '127.0.0.1:3', STORAGE_EMULATOR_HOST: '127.0.0.1:4', [name]: '' });
    expect(await world.run('gaps', 'list', '--profile', 'emulated')).toMatchObject({ code: 64, told: expect.stringContaining(name) as string });
  });

  it('knows no other system', async () => {
    expect(await world.run('gaps', 'list', '--profile', 'production')).toMatchObject({ code: 64, told: expect.stringContaining('embedded, emulated, cloud') as string });
  });
});
