import { openTemporary } from '@handoff/composition/temporary';
import { gameDate, hours, OfficialGameId, parseInstant } from '@handoff/contracts';
import type { FlowContext, Warehouse } from '@handoff/ports';
import { loadDaySummary } from '@handoff/pipeline-health';
import { aBoxScore, aGame, anUpcomingPlayer, aPrediction, asLoaded, asMade, aSummary, ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareSteps, countGrades, reconcileDay } from './index.ts';

const date = gameDate('2026-01-24');
const [first, second] = ['0022500601', '0022500602'].map((id) => OfficialGameId.parse(id)) as [OfficialGameId, OfficialGameId];
const tipAt = parseInstant('2026-01-25T00:00:00Z');
const players = ['aaron', 'bruno', 'carl', 'dario'];

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  // Noon ET of the day after: everything of 2026-01-24 is due.
  clock = new ManualClock(parseInstant('2026-01-25T17:00:00Z'));
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

const merge = (table: string, rows: readonly object[]) => system.ports.warehouse.merge({ table, rows: rows as never });
const both = <Made>(make: (game: OfficialGameId) => readonly Made[]): readonly Made[] => [first, second].flatMap(make);
const own = (game: OfficialGameId) => ({ game_date: date, nba_game_id: game, team_abbr: game === first ? 'ORL' : 'BOS', game_id: game === first ? '20260124_MEM_ORL' : '20260124_LAL_BOS' });
const feature = (game: OfficialGameId, player: string, quality = 85) => asMade({
  ...own(game), player_lookup: player, opponent_team_abbr: 'MEM', feature_version: 'v2', feature_count: 1, feature_names: ['one'], features: [1], feature_origins: ['calculated'], feature_quality_score: quality,
  default_feature_count: 0, default_feature_names: [], quality_tier: 'medium', data_source: 'mixed', is_production_ready: true,
});
const grade = (game: OfficialGameId, player: string) => asMade({
  ...own(game), player_lookup: player, system_id: 'system_v1', line_key: '205', predicted_points: 22, actual_points: 20, minutes_played: 30, absolute_error: 2, signed_error: 2, within_3_points: true, within_5_points: true,
  points_line: 20.5, predicted_margin: 1.5, actual_margin: -0.5, recommendation: 'OVER', prediction_correct: false, counts_in_win_rate: true, line_source_api: 'ODDS_API', confidence_score: 0.5, confidence_decile: 6, is_voided: false, void_reason: null,
});

const schedule = (over: object = {}) => merge('nba_raw.nbac_schedule', [
  asLoaded(aGame({ game_date: date, game_id: first, tip_at: tipAt })), asLoaded({ ...aGame({ game_date: date, game_id: second, tip_at: tipAt }), home_team_tricode: 'BOS', away_team_tricode: 'LAL', ...over }),
]);
const boxScores = (games: readonly OfficialGameId[] = [first, second], table = 'nba_raw.bdl_player_boxscores') => merge(table, games.flatMap((game) => players.map((player) => asLoaded(aBoxScore({ ...own(game), player_lookup: player })))));
const summaries = (names = players) => merge('nba_analytics.player_game_summary', both((game) => names.map((player) => asMade(aSummary({ ...own(game), player_lookup: player })))));
const upcoming = () => merge('nba_analytics.upcoming_player_game_context', both((game) => players.map((player) => asMade(anUpcomingPlayer({ ...own(game), player_lookup: player })))));
const features = (names = players) => merge('nba_predictions.ml_feature_store_v2', both((game) => names.map((player) => feature(game, player))));
const predictions = (names = players) => merge('nba_predictions.player_prop_predictions', both((game) => names.map((player) => asMade(aPrediction({ ...own(game), player_lookup: player, predicted_at: parseInstant('2026-01-24T20:00:00Z') })))));
const grades = (names = players) => merge('nba_predictions.prediction_accuracy', both((game) => names.map((player) => grade(game, player))));
const wholeDay = async () => { for (const step of [schedule, boxScores, summaries, upcoming, features, predictions, grades]) await step(); };

const context = (warehouse: Warehouse = system.ports.warehouse): FlowContext => ({ ports: { ...system.ports, warehouse }, log: silentLog, correlationId: 'spec' });
const incidents = async () => (await system.notifier.incidents()).map(({ cause, severity, subject, resolvedAt }) => ({ cause, severity, subject, isOpen: resolvedAt === null }));
const scorecards = () => system.ports.warehouse.query({ name: 'spec/scorecards', text: 'SELECT card.game_date, card.score, card.status, card.is_final, card.grading_coverage_pct, card.games_expected, card.games_postponed FROM `nba_orchestration.daily_scorecard` AS card ORDER BY card.game_date' });
const checks = async () => Object.fromEntries((await compareSteps(system.ports, date, clock.now()))!.checks.map((check) => [check.boundary, `${check.present}/${check.expected} ${check.severity}`]));

describe('the reconciliation of a day', () => {
  it('that is whole is silent, and leaves a healthy scorecard', async () => {
    await wholeDay();
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'whole', facts: { dates: 1, incomplete: 0 } });
    expect(await scorecards()).toEqual([{ game_date: date, score: 97.5, status: 'healthy', is_final: true, grading_coverage_pct: 100, games_expected: 2, games_postponed: 0 }]);
    expect(await incidents()).toEqual([]);
  });

  it('without games reads no table and writes nothing', async () => {
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'no-games' });
    expect(await scorecards()).toEqual([]);
  });

  it.each([
    ['a box score', 'schedule-to-box-scores', async () => { await boxScores([first]); await summaries(); }],
    ['summaries of players', 'box-scores-to-analytics', async () => { await boxScores(); await summaries(['aaron', 'bruno', 'carl']); }],
  ])('that lacks %s is told of, and nothing else of it', async (_, boundary, make) => {
    for (const step of [schedule, make, upcoming, features, predictions, grades]) await step();
    await reconcileDay(clock.now(), context());
    expect(Object.entries(await checks()).filter(([, found]) => !found.endsWith('ok')).map(([name]) => name)).toEqual([boundary]);
    expect(await incidents()).toEqual([{ cause: 'phase-boundary-incomplete', severity: 'error', subject: date, isOpen: true }]);
  });

  it.each([
    ['features', 'analytics-to-features', [features, ['aaron', 'bruno', 'carl']]],
    ['predictions', 'features-to-predictions', [predictions, ['aaron', 'bruno', 'carl']]],
    ['grades', 'predictions-to-grading', [grades, ['aaron', 'bruno', 'carl']]],
  ] as const)('that lacks %s of players says so at %s', async (_, boundary, [lacking, names]) => {
    for (const step of [schedule, boxScores, summaries, upcoming, features, predictions, grades]) await (step === lacking ? lacking([...names]) : step());
    expect((await checks())[boundary]).toBe('6/8 error');
  });

  it('takes the league\'s box scores where the other source has none', async () => {
    for (const step of [schedule, () => boxScores([first]), () => boxScores([second], 'nba_raw.nbac_player_boxscores'), summaries, upcoming, features, predictions, grades]) await step();
    expect(await checks()).toMatchObject({ 'schedule-to-box-scores': '2/2 ok', 'box-scores-to-analytics': '8/8 ok' });
  });

  it('misses nothing of a postponed game, though it was predicted', async () => {
    for (const step of [() => schedule({ is_postponed: true }), () => boxScores([first]), upcoming, features, predictions]) await step();
    await merge('nba_analytics.player_game_summary', players.map((player) => asMade(aSummary({ ...own(first), player_lookup: player }))));
    await merge('nba_predictions.prediction_accuracy', players.map((player) => grade(first, player)));
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'whole' });
    expect(await scorecards()).toMatchObject([{ games_expected: 1, games_postponed: 1, score: 97.5 }]);
  });

  it('misses no grade at 06:00 ET, and does at noon', async () => {
    for (const step of [schedule, boxScores, summaries, upcoming, features, predictions]) await step();
    clock.advance(hours(-6));
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'whole' });
    expect(await scorecards()).toMatchObject([{ is_final: false, grading_coverage_pct: null }]);
    clock.advance(hours(6));
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'incomplete' });
    expect(await incidents()).toEqual([
      { cause: 'grading-coverage-low', severity: 'critical', subject: date, isOpen: true }, { cause: 'phase-boundary-incomplete', severity: 'error', subject: date, isOpen: true },
    ]);
  });

  it('of which nothing is graded is no healthy morning, once its grades were due', async () => {
    for (const step of [schedule, boxScores, summaries, upcoming, features, predictions]) await step();
    clock.advance(hours(-6));
    const grading = async () => (await loadDaySummary(system.ports, 'nba')).sections.find(({ name }) => name === 'grading');
    await reconcileDay(clock.now(), context());
    expect(await grading()).toBeUndefined();
    clock.advance(hours(6));
    await reconcileDay(clock.now(), context());
    clock.advance(hours(19));
    expect(await grading()).toMatchObject({ severity: 'critical', text: `${date}: 0 graded, 0 % of what can be, 0 void` });
  });

  it('that lacked something is looked at on later days, told of once and resolved when it is whole', async () => {
    for (const step of [schedule, boxScores, summaries, upcoming, features, predictions]) await step();
    await reconcileDay(clock.now(), context());
    clock.advance(hours(24));
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'incomplete' });
    expect(await incidents()).toHaveLength(2);
    await grades();
    clock.advance(hours(24));
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'whole' });
    expect((await incidents()).every(({ isOpen }) => !isOpen)).toBe(true);
    clock.advance(hours(24));
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'no-games' });
  });

  it('that was not predicted is told of once: nothing makes up for it', async () => {
    for (const step of [schedule, boxScores, summaries, upcoming, features]) await step();
    clock.advance(hours(-6));
    await reconcileDay(clock.now(), context());
    expect(await incidents()).toMatchObject([{ cause: 'phase-boundary-incomplete', severity: 'error', isOpen: true }]);
    clock.advance(hours(6));
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'incomplete' });
    expect(await incidents()).toMatchObject([{ isOpen: false }]);
    expect(await scorecards()).toMatchObject([{ status: 'unhealthy' }]);
    clock.advance(hours(24));
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'no-games' });
  });

  it('that nobody could look at when it was its turn is looked at with the next', async () => {
    for (const step of [schedule, boxScores, summaries, upcoming, features, predictions]) await step();
    clock.advance(hours(-24));
    await reconcileDay(clock.now(), context());
    clock.advance(hours(3 * 24));
    expect(await reconcileDay(clock.now(), context())).toMatchObject({ outcome: 'incomplete', facts: { dates: 1 } });
    expect((await incidents()).map(({ subject }) => subject)).toEqual([date, date]);
  });

  it('whose look at noon is made up for after midnight is looked at, not the day after it', async () => {
    for (const step of [schedule, boxScores, summaries, upcoming, features, predictions]) await step();
    const noon = clock.now();
    clock.advance(hours(12.5));
    expect(await reconcileDay(noon, context())).toMatchObject({ outcome: 'incomplete', facts: { dates: 1 } });
    expect(await incidents()).toMatchObject([{ cause: 'grading-coverage-low', subject: date }, { subject: date }]);
  });

  it('is an error where the warehouse does not answer, and resolves nothing', async () => {
    for (const step of [schedule, boxScores, summaries, upcoming, features, predictions]) await step();
    await reconcileDay(clock.now(), context());
    const silent = { ...system.ports.warehouse, query: () => Promise.reject(new Error('no answer')), merge: () => Promise.reject(new Error('no answer')) } as unknown as Warehouse;
    await grades();
    await expect(reconcileDay(clock.now(), context(silent))).rejects.toThrow('no answer');
    expect((await incidents()).every(({ isOpen }) => isOpen)).toBe(true);
  });
});

it('counts what grading came to: graded, void, and why a standing prediction has no grade', async () => {
  for (const step of [schedule, boxScores, predictions]) await step();
  await merge('nba_analytics.player_game_summary', players.map((player) => asMade(aSummary({ ...own(first), player_lookup: player }))));
  await merge('nba_predictions.prediction_accuracy', [grade(first, 'aaron'), { ...grade(first, 'bruno'), is_voided: true, void_reason: 'dnp_unknown' }]);
  expect(await countGrades(system.ports, [date])).toEqual({ graded: 1, voided: 1, ungradable: { 'no-box-score': 4, 'not-graded': 2, 'made-after-tip-off': 0 } });
});
