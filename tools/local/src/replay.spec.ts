import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everydayFunctions, expiringCollections, isScraperEnabled, scrapers, stateLifetimeOf, workflows } from '@handoff/catalogue';
import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, parseInstant } from '@handoff/contracts';
import { madeUpSeason, RecordedSource, type RecordedSeason } from '@handoff/sources-recorded';
import { VirtualClock } from '@handoff/clock-virtual';
import type { StateDocument } from '@handoff/ports';
import { openEmbeddedEnvironment } from '@handoff/state-embedded';
import { silentLog } from '@handoff/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalSystem, type LocalEvent } from './local-system.ts';
import { replay, type ReplayOptions, type ReplayResult } from './replay.ts';
import { buildReport, type DateReport } from './replay-report.ts';
import { replayWords } from './replay-words.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-replay-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

const season = madeUpSeason(replayWords.season);
const run = (name: string, over: Partial<ReplayOptions> = {}): Promise<ReplayResult> =>
  replay({ sport: 'nba', from: gameDate(replayWords.from), to: gameDate(replayWords.to), season, folder: join(root, name), log: () => silentLog, ...over });

/** Looks into the folder of a run that has ended. */
async function within<Result>(name: string, look: (system: Awaited<ReturnType<typeof openTemporary>>) => Promise<Result>, of: RecordedSeason = season): Promise<Result> {
  const clock = new VirtualClock(parseInstant('2026-06-01T00:00:00Z'));
  const system = await openTemporary({ folder: join(root, name), clock, log: silentLog, sources: new RecordedSource(of, clock) });
  return look(system).finally(() => system.close());
}
/** Every document that the state store of a run has. */
async function stored(name: string): Promise<readonly { readonly collection: string; readonly value: StateDocument }[]> {
  const environment = openEmbeddedEnvironment(join(root, name, 'state.lmdb'));
  const table = environment.table<string, { readonly value: StateDocument }>({ name: 'state', keys: 'text', encode: (document) => JSON.stringify(document), decode: (text) => JSON.parse(text) as { value: StateDocument } });
  const found = table.committedRange().map(({ key, value: { value } }) => ({ collection: key.slice(0, key.indexOf('/')), value }));
  await environment.close();
  return found;
}
const openIncidents = (name: string) => within(name, async ({ notifier }) => (await notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null).map(({ cause, subject }) => `${cause} ${subject}`));
const inWorkflows = new Set<string>(workflows.flatMap((workflow) => [...workflow.scrapers]));
/** Raw outputs of sources that are in the catalogue and asked by no workflow, or not at all yet: EMPTY_OK, whatever the slate. */
const dormant: ReadonlySet<string> = new Set(scrapers.filter((scraper) => !isScraperEnabled(scraper, '2026-01-24') || !inWorkflows.has(scraper.name)).map(({ loads }) => loads).filter((name) => name !== 'skip'));
const outputOf = (report: DateReport, name: string) => report.outputs.find(({ output }) => output === name)!;

describe('one slate of a made-up season', () => {
  let result: ReplayResult;
  const events: LocalEvent[] = [];
  beforeAll(async () => { result = await run('whole', { onEvent: (event) => events.push(event) }); });

  it('calls every function that has something to do on a good day over HTTP, and every call is settled', () => {
    expect([...result.calls.keys()].toSorted()).toEqual([...everydayFunctions].toSorted());
    expect(events.filter(({ response }) => response.status !== 200 || response.body['outcome'] === 'rejected' || response.body['outcome'] === 'deferred')).toEqual([]);
  });

  it('makes every output that can be: nothing failed, missed or degraded, and what has no source is EMPTY_OK', () => {
    const [date] = result.report.dates;
    expect(date?.games).toEqual({ scheduled: 2, final: 2, postponed: [], movedIn: [] });
    expect(date?.outputs.filter(({ output, state }) => !dormant.has(output) && state !== 'COMPLETE').map(({ output, state }) => `${output} ${state}`)).toEqual(['nba_raw.bdl_injuries EMPTY_OK', 'nba_raw.prizepicks_player_points_lines EMPTY_OK']);
    expect(date?.phases.every(({ status }) => status === 'complete')).toBe(true);
  });

  it('predicts every player with three systems, and grades each prediction', () => {
    const [date] = result.report.dates;
    expect(date?.predictions).toMatchObject({ systems: ['ensemble_v1', 'moving_average_v1', 'similarity_balanced_v1'], players: 20, rows: 60, withLine: 48 });
    expect(date?.grading).toMatchObject({ graded: 60, voided: 0, ungradable: 0 });
  });

  it('releases each hand-off at revision 1 first, under a message that was confirmed', () => {
    for (const { messageId, gate } of result.report.handoffs) {
      expect(messageId).not.toBe('');
      expect(gate.verdict).toBe('release');
    }
    for (const handoff of new Set(result.report.handoffs.map(({ from, to, flow }) => `${from} ${to} ${flow}`))) {
      const revisions = result.report.handoffs.filter(({ from, to, flow }) => `${from} ${to} ${flow}` === handoff).map(({ revision }) => revision);
      expect(revisions).toEqual(revisions.map((_, index) => index + 1));
    }
  });

  it('leaves no incident open, no message rejected and none dead', async () => {
    expect(await openIncidents('whole')).toEqual([]);
    expect(await within('whole', async ({ ports, bus }) => [await ports.state.query({ collection: 'rejected' }), bus.deadLetters(), bus.depth()])).toEqual([[], [], 0]);
  });

  it('leaves only documents of which the catalogue says how long they are kept, and none that would stay for ever by being in hand', async () => {
    const left = await stored('whole');
    expect(new Set(left.map(({ collection }) => collection)).size).toBeGreaterThan(20);
    expect(left.filter(({ collection }) => stateLifetimeOf(collection) === undefined)).toEqual([]);
    expect(left.filter(({ collection }) => stateLifetimeOf(collection)?.kept === 'until-deleted')).toEqual([]);
    expect(left.filter(({ collection, value }) => expiringCollections.find((one) => one.collection === collection)?.isOver?.(value) === false)).toEqual([]);
  });

  it('plans the date at its very start, at 03:00 ET', () => {
    expect(events[0]).toMatchObject({ trigger: 'message' });
    expect(events.find(({ function: name, trigger }) => name === 'expectation-planner' && trigger === 'job')?.at).toBe(parseInstant('2025-11-13T08:00:00Z'));
  });

  it('again in the same folder does nothing again, and reports the same', async () => {
    const again = await run('whole');
    expect(again.report).toEqual(result.report);
    expect(again.calls.get('phase1-scrape') ?? 0).toBe(0);
  });
});

describe('with one subscription detached', () => {
  const made = ({ outputs }: DateReport, phases: readonly string[]) => outputs.filter(({ phase, rows }) => phases.includes(phase) && rows > 0).map(({ output }) => output);

  it.each`
    detached                                         | stopped                                                                 | goesOn
    ${'phase3-trigger--phase3-analytics'}            | ${['phase3', 'phase4', 'phase5', 'phase6-publish', 'phase6-grade']}     | ${['phase2']}
    ${'prediction-requests--phase5-predict-worker'}  | ${['phase5', 'phase6-publish pregame', 'phase6-grade']}                 | ${['phase2', 'phase3', 'phase4']}
  `('$detached: everything behind it stays empty, and nothing pretends success', async ({ detached, stopped, goesOn }: { detached: string; stopped: string[]; goesOn: string[] }) => {
    const { report, calls } = await run(detached, { detached: new Set([detached]) });
    const date = report.dates[0]!;
    expect(calls.get(detached.slice(detached.indexOf('--') + 2))).toBeUndefined();
    expect(made(date, stopped.filter((phase) => phase !== 'phase6-grade'))).toEqual([]);
    for (const phase of goesOn) expect(made(date, [phase]).length).toBeGreaterThan(0);
    expect(date.predictions.rows).toBe(0);
    expect(date.grading.graded).toBe(0);
    expect(date.outputs.filter(({ phase, flow }) => stopped.includes(phase) || stopped.includes(`${phase} ${flow}`)).filter(({ state }) => state === 'COMPLETE' || state === 'DEGRADED').map(({ output }) => output)).toEqual([]);
    expect(date.outputs.some(({ state }) => state === 'MISSED' || state === 'FAILED')).toBe(true);
    for (const { phase, flow, status } of date.phases) if (stopped.includes(`${phase} ${flow}`) || (stopped.includes(phase) && phase !== 'phase6-grade')) expect(['not-started', 'failed'], `${phase} ${flow}`).toContain(status);
    expect(await within(detached, ({ ports }) => ports.objects.list('publications/v1/predictions'))).toEqual([]);
  });
});

describe('other dates', () => {
  it('a date without games ends well: nothing expected, nothing made, nobody alerted', async () => {
    const quiet = madeUpSeason({ ...replayWords.season, without: [replayWords.from] });
    const { report } = await run('quiet', { season: quiet });
    const date = report.dates[0]!;
    expect(date.games).toEqual({ scheduled: 0, final: 0, postponed: [], movedIn: [] });
    expect(date.outputs.filter(({ state, rows }) => state !== 'EMPTY_OK' || rows > 0)).toEqual([]);
    expect(report.handoffs).toEqual([]);
    expect(await openIncidents('quiet')).toEqual([]);
  });

  it('a game that is postponed on the day is no gap: its predictions are taken back and never graded', async () => {
    const moved = madeUpSeason({ ...replayWords.season, days: 14, move: { date: replayWords.from, announcedAt: parseInstant('2025-11-13T20:30:00Z') } });
    const { report } = await run('moved', { season: moved });
    const date = report.dates[0]!;
    const [postponed] = date.games.postponed;
    expect(date.games).toMatchObject({ scheduled: 2, final: 1, movedIn: [] });
    expect(date.outputs.filter(({ state }) => state === 'FAILED' || state === 'MISSED' || state === 'DEGRADED')).toEqual([]);
    expect(outputOf(date, 'nba_analytics.player_game_summary')).toMatchObject({ gamesExpected: 1, gamesPresent: 1 });
    const statement = (table: string, where: string) => ({ name: 'spec/of-game', text: `SELECT COUNT(*) AS found FROM \`${table}\` AS t WHERE t.game_date = DATE '${replayWords.from}' AND t.nba_game_id = '${postponed}'${where}` });
    const found = await within('moved', async ({ ports: { warehouse } }) => Promise.all([
      warehouse.query(statement('nba_predictions.player_prop_predictions', '')), warehouse.query(statement('nba_predictions.player_prop_predictions', ' AND t.is_active')), warehouse.query(statement('nba_predictions.prediction_accuracy', '')),
    ]), moved);
    expect(found).toEqual([[{ found: expect.toSatisfy((count: number) => count >= 30) as unknown }], [{ found: 0 }], [{ found: 0 }]]);
    expect(await openIncidents('moved')).toEqual([]);
  });

  it.each<readonly [what: string, over: { readonly from: string; readonly to: string }, code: string, words: RegExp]>([
    ['reversed', { from: '2025-11-13', to: '2025-11-12' }, 'range-reversed', /swap them/],
    ['before the data', { from: '2025-11-01', to: '2025-11-13' }, 'range-outside-data', /2025-11-03 to 2025-11-14/],
    ['after the data', { from: '2025-11-13', to: '2025-12-01' }, 'range-outside-data', /2025-11-03 to 2025-11-14/],
  ])('a range %s is refused with what to do', async (_what, { from, to }, code, words) => {
    await expect(run('refused', { from: gameDate(from), to: gameDate(to) })).rejects.toMatchObject({ code, disposition: 'reject', message: expect.stringMatching(words) as unknown });
  });
});

describe('leakage', () => {
  const shifted = madeUpSeason({ ...replayWords.season, extraPoints: (date) => (date >= replayWords.from ? 9 : 0) });
  const digestsOf = (report: DateReport, isWanted: (output: DateReport['outputs'][number]) => boolean) => report.outputs.filter(isWanted).map(({ output, rows, digest }) => ({ output, rows, digest }));

  it('points that are scored on the date and after change neither its features nor what it predicts', async () => {
    const [one, two] = [(await run('whole')).report.dates[0]!, (await run('shifted', { season: shifted })).report.dates[0]!];
    // The schedule itself shows the final score when the night is over.
    const isBefore = ({ flow, output }: DateReport['outputs'][number]): boolean => flow === 'pregame' && output !== 'nba_raw.nbac_schedule';
    expect(digestsOf(two, isBefore)).toEqual(digestsOf(one, isBefore));
    expect(outputOf(two, 'nba_raw.bdl_player_boxscores').digest).not.toBe(outputOf(one, 'nba_raw.bdl_player_boxscores').digest);
  });

  it('features that are made again when the night is over, its box scores loaded, are the same', async () => {
    const clock = new VirtualClock(parseInstant('2025-11-14T18:00:00Z'));
    const system = await LocalSystem.open({ folder: join(root, 'shifted'), clock, sources: new RecordedSource(shifted, clock), log: silentLog, environment: { SPORT: 'nba' } });
    const phase4 = async (): Promise<unknown> => digestsOf((await buildReport(system.system, { sport: 'nba', from: gameDate(replayWords.from), to: gameDate(replayWords.to), simulatedHours: 0 })).dates[0]!, ({ phase }) => phase === 'phase4');
    const before = await phase4();
    const games = season.games.filter(({ actualDate }) => actualDate === replayWords.from).map(({ officialId }) => officialId);
    const run4 = { gameDate: gameDate(replayWords.from), revision: 99, releaseId: 'again', games, isDegraded: false, missing: [], sourceVersionAt: clock.now() };
    await system.system.bus.publish('phase4-trigger', { key: 'again', correlationId: 'again', payload: { sport: 'nba', purpose: 'history', triggerId: 'again', phase: 'phase4', flow: 'pregame', runs: [run4] } });
    expect(await system.settle()).toBeGreaterThan(0);
    expect(system.calls().get('phase4-features')).toBe(1);
    expect(await phase4()).toEqual(before);
    await system.close();
  });
});
